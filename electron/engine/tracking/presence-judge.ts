import type { ChosenMask } from '../../../models/sam2/mask-choice.ts'
import type { FrameRecord } from './frame-record.ts'

/** `doubtful`: the mask may be right, but it is no example of how the object looks. */
export type Verdict = 'seen' | 'doubtful' | 'absent'

/** Shares of the object's own usual predicted IoU. */
const seenFrom = 0.7
const absentBelow = 0.35
/** An object that was gone has to be this sure to be back. */
const backFrom = 0.7
/**
 * How much a mask has to look like the object, as the cosine to the likest example. By nano at 512 px, true masks have
 * 0.9 to 1, what slides over an object 0.55 to 0.94, and after a cut true ones 0.89 to 0.99 and other things 0.6 to 0.95.
 * At 256 px all have less after a cut, so that little is asked of a sure mask there.
 */
const exampleLikeness = 0.95
const leastLikeness = {
  seen: 0.7,
  inDoubt: 0.86,
  back: 0.93,
  sinceBack: 0.9,
  afterCut: 0.88,
  sureAfterCut: 0.7,
}
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
  readonly doubt: Doubt
}

/**
 * Whether the frames just before leave it open that what is followed is the object: for a while, or since it
 * was gone.
 */
export type Doubt = 'none' | 'a while' | 'since it was gone'

const likenessAskedIn = {
  none: 'seen',
  'a while': 'inDoubt',
  'since it was gone': 'sinceBack',
} as const satisfies Record<Doubt, keyof typeof leastLikeness>

/** So many doubtful frames in a row are a while. */
const doubtfulFrames = 4

/** How much something looks like the object, -1 to 1; null where there is nothing to hold it against. */
export interface Likeness {
  /** The cosine to the likest of the frames that show the object well in a view of about the same size. */
  readonly likeness: number | null
  /** The same by those of its shot that are some frames away. */
  readonly lastingLikeness: number | null
}

export interface JudgedMask extends ChosenMask, Likeness {}

/**
 * Tells from the predicted IoU and the look whether an object is seen. How high it is for a good mask differs from model to model
 * and from object to object, so it is held against the object's own; the presence score of a small model hardly tells
 * absent from present.
 */
export function judgePresence(
  { objectScore, predictedIou, maskLogits, likeness, lastingLikeness }: JudgedMask,
  { usualIou, isGone, isAfterCut, doubt }: Expectation,
): { readonly verdict: Verdict; readonly usualIou: number | null } {
  if (objectScore <= 0 || !maskLogits.some((logit) => logit > 0)) return { verdict: 'absent', usualIou }
  const usual = usualIou ?? predictedIou
  const share = predictedIou / Math.max(usual, Number.EPSILON)
  if (isAfterCut) {
    const isSure = usualIou !== null && share >= (likeness === null ? absentBelow : seenFrom)
    const least = leastLikeness[isSure ? 'sureAfterCut' : 'afterCut']
    if ((likeness ?? (isSure ? 1 : 0)) < least) return { verdict: 'absent', usualIou }
    // What is usual and how it looks are found out anew in every shot.
    return { verdict: 'seen', usualIou: predictedIou }
  }
  const least = leastLikeness[isGone ? 'back' : likenessAskedIn[doubt]]
  if (share < (isGone ? backFrom : absentBelow) || (likeness ?? 1) < least)
    return { verdict: 'absent', usualIou: usual }
  const isSeen = share >= seenFrom && isExampleByLook(lastingLikeness ?? likeness)
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
export function isExampleByLook(lastingLikeness: number | null): boolean {
  return lastingLikeness === null || lastingLikeness >= exampleLikeness
}

/** @param passed the frames that the walk has just passed in the shot, the nearest first */
export function doubtAfter(passed: readonly Pick<FrameRecord, 'isFound' | 'isExample'>[]): Doubt {
  const end = passed.findIndex(({ isFound, isExample }) => !isFound || isExample)
  const doubtful = passed.slice(0, end < 0 ? undefined : end)
  if (doubtful.length > 0 && passed[end]?.isFound === false) return 'since it was gone'
  return doubtful.length >= doubtfulFrames ? 'a while' : 'none'
}

/** Whether a mask that was found is about as sure as the object's usual ones. */
export function isSure(
  { predictedIou }: Pick<ChosenMask, 'predictedIou'>,
  { usualIou }: Pick<Expectation, 'usualIou'>,
): boolean {
  return usualIou === null || predictedIou >= sureFrom * usualIou
}
