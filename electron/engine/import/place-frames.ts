import { stemOf } from './read-source.ts'
import type { ImportedFrame } from './imported-labels.ts'

export interface PlacedVideo {
  readonly frameCount: number
  /** File names of its pictures in the order of its frames; null for a film. */
  readonly pictureNames: readonly string[] | null
}

/**
 * Which frame of the video each frame of a data set is: that of the same picture name, else the one that the data set
 * or the number in its name says, else one after the other.
 * @param firstFrame frame of the video that the data's first frame belongs to; null leaves numbers as they are
 * @returns null for frames that the video does not have
 */
export function placeFrames(
  frames: readonly ImportedFrame[],
  { frameCount, pictureNames }: PlacedVideo,
  firstFrame: number | null,
): (number | null)[] {
  const places = byPicture(frames, pictureNames) ?? byNumber(frames) ?? frames.map((_, index) => index)
  const first = places.reduce<number>((least, place) => Math.min(least, place ?? least), Infinity)
  const offset = firstFrame === null || first === Infinity ? 0 : firstFrame - first
  return places.map((place) => {
    const moved = place === null ? null : place + offset
    return moved === null || moved >= frameCount ? null : moved
  })
}

function byPicture(
  frames: readonly ImportedFrame[],
  pictureNames: readonly string[] | null,
): (number | null)[] | null {
  if (pictureNames === null) return null
  const indices = new Map(pictureNames.map((name, index) => [stemOf(name), index]))
  const places = frames.map(({ name }) => (name === null ? null : (indices.get(name) ?? null)))
  return places.some((place) => place !== null) ? places : null
}

function byNumber(frames: readonly ImportedFrame[]): number[] | null {
  const numbers = frames.map(({ name, number }) => number ?? numberIn(name))
  const isUsable = numbers.every((number) => number !== null) && new Set(numbers).size === numbers.length
  return isUsable ? numbers : null
}

/** `00012`, or `frame_00012`: the digits at a name's end. */
function numberIn(name: string | null): number | null {
  const digits = /(\d{1,9})$/.exec(name ?? '')?.[1]
  return digits === undefined ? null : Number(digits)
}
