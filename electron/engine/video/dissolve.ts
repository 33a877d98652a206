import {
  likenessAfterMotion,
  meanDifference,
  mixedSignature,
  sameAfterMotion,
  signatureLikeness,
  type PictureSignature,
} from './picture-signature.ts'

/** Dissolves take from about the shortest to about twice the longest; their pictures are mixtures of both ends. */
export const dissolveFrames = [6, 12, 24]
/** Mean difference of both ends in levels of 255, and how unlike they are. */
const leastDifference = 16
const leastChange = 0.3
const offMixture = 0.3
/** While two pictures are mixed the contrast falls as that of the mixture does, nearly as far. */
const leastFall = 0.7
const leastFallShare = 0.06
/** Light that comes or goes changes the contrast more than a dissolve does. */
const leastContrast = 0.35

/**
 * Whether the first picture is mixed into the last one on the way: those between are mixtures of both, and no turn or
 * zoom of the camera leads from one to the other.
 */
export function isDissolve(signatures: readonly PictureSignature[]): boolean {
  const [first, last] = [signatures[0]!, signatures.at(-1)!]
  const contrasts = [first.deviation, last.deviation]
  if (Math.min(...contrasts) < leastContrast * Math.max(...contrasts)) return false
  const whole = meanDifference(first, last)
  if (whole < leastDifference || 1 - signatureLikeness(first, last) < leastChange) return false
  const frames = signatures.length - 1
  const places = [0.25, 0.5, 0.75].map((part) => Math.round(part * frames))
  const areMixtures = places.every((place) => {
    const mixture = mixedSignature(first, last, place / frames)
    return meanDifference(mixture, signatures[place]!) < offMixture * whole
  })
  if (!areMixtures) return false
  const middle = Math.round(0.5 * frames)
  const part = middle / frames
  const kept = first.deviation * (1 - part) + last.deviation * part
  const fall = kept - mixedSignature(first, last, part).deviation
  if (fall < leastFallShare * kept || kept - signatures[middle]!.deviation < leastFall * fall) return false
  return likenessAfterMotion(first, last) < sameAfterMotion
}
