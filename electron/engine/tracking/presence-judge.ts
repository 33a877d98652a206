import type { ChosenMask } from '../../../models/sam2/mask-choice.ts'

/** `doubtful`: the mask may be right, but it is no example of how the object looks. */
export type Verdict = 'seen' | 'doubtful' | 'absent'

/** Shares of the object's own usual predicted IoU. */
const seenFrom = 0.7
const absentBelow = 0.35
/** An object that was gone has to be this sure to be back. */
const backFrom = 0.7
/**
 * How much a mask has to look like the object, as the cosine to the likest example: to be one itself, to be the object at
 * all, to be it again where it was lost, and to be it after a cut though the model is not sure of it. By nano at 512 px,
 * true masks have 0.85 to 1 and what hides an object 0.6 to 0.9; after a cut true ones have 0.94 to 0.99 and other things
 * 0.77 to 0.95. At 256 px all have less, so that a sure mask is not held against them after a cut.
 */
const exampleLikeness = 0.9
const leastLikeness = 0.8
const backLikeness = 0.85
const cutLikeness = 0.935
/** A frame by which the object is told from a look-alike; a rival in the mask makes the model less sure by itself. */
const sureFrom = 0.9
/** How fast the usual value follows: a slow decline is drift, not absence; what hides an object takes a few frames. */
const followed = 0.1

/** What is known of an object before a frame is judged. */
export interface Expectation {
  /** Its usual predicted IoU; null before the first tracked frame. */
  readonly usualIou: number | null
  /** It was not seen on the newest frame: it has to be found again. */
  readonly isGone: boolean
  /** It was not seen in this shot yet: how sure the model will be of it there cannot be known. */
  readonly isAfterCut: boolean
}

/** A mask with how much it looks like the object, -1 to 1; null where nothing is known to hold it against. */
export interface JudgedMask extends ChosenMask {
  readonly likeness: number | null
}

/**
 * Tells from the predicted IoU and the look whether an object is seen. How high it is for a good mask differs from model to model
 * and from object to object, so it is held against the object's own; the presence score of a small model hardly tells
 * absent from present.
 */
export function judgePresence(
  { objectScore, predictedIou, maskLogits, likeness }: JudgedMask,
  { usualIou, isGone, isAfterCut }: Expectation,
): { readonly verdict: Verdict; readonly usualIou: number | null } {
  if (objectScore <= 0 || !maskLogits.some((logit) => logit > 0)) return { verdict: 'absent', usualIou }
  const usual = usualIou ?? predictedIou
  const share = predictedIou / Math.max(usual, Number.EPSILON)
  const alike = likeness ?? 1
  if (isAfterCut) {
    const isSure = usualIou !== null && share >= (likeness === null ? absentBelow : seenFrom)
    if (!isSure && (likeness ?? 0) < cutLikeness) return { verdict: 'absent', usualIou }
    // What is usual and how it looks are found out anew in every shot.
    return { verdict: 'seen', usualIou: predictedIou }
  }
  if (share < (isGone ? backFrom : absentBelow)) return { verdict: 'absent', usualIou: usual }
  if (alike < (isGone ? backLikeness : leastLikeness)) return { verdict: 'absent', usualIou: usual }
  const isSeen = share >= seenFrom && isExampleByLook(likeness)
  return { verdict: isSeen ? 'seen' : 'doubtful', usualIou: usualAfter(usualIou, predictedIou) }
}

/** The usual predicted IoU after a frame on which the object was seen. */
function usualAfter(usualIou: number | null, predictedIou: number): number {
  return usualIou === null ? predictedIou : usualIou + followed * (predictedIou - usualIou)
}

/** What a frame on which the object was taken for seen says of it, from what is stored. */
export function seenAgain(
  predictedIou: number,
  usualIou: number | null,
): { readonly isExample: boolean; readonly usualIou: number } {
  const isExample = usualIou === null || predictedIou >= seenFrom * usualIou
  return { isExample, usualIou: usualAfter(usualIou, predictedIou) }
}

/** Whether a frame shows the object well enough by its look to know it again by. */
export function isExampleByLook(likeness: number | null): boolean {
  return likeness === null || likeness >= exampleLikeness
}

/** Whether a mask that was found is about as sure as the object's usual ones. */
export function isSure(
  { predictedIou }: Pick<ChosenMask, 'predictedIou'>,
  { usualIou }: Pick<Expectation, 'usualIou'>,
): boolean {
  return usualIou === null || predictedIou >= sureFrom * usualIou
}
