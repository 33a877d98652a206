import { dissolveFrames, isDissolve } from './dissolve.ts'
import {
  blownOutShare,
  lighterShare,
  likenessAfterMotion,
  medianDifference,
  pictureSignature,
  sameAfterMotion,
  signatureLikeness,
  type PictureSignature,
} from './picture-signature.ts'
import type { DecodedFrame, FrameRange, VideoSource } from './video-source.ts'

/** Where a shot begins. */
export interface FoundShot {
  /** First frame of the new shot; for a fade, the first frame that is no longer the old one. */
  readonly frameIndex: number
  readonly kind: 'cut' | 'fade'
  /** 0 to 1. */
  readonly confidence: number
  /** Frames that it takes: 1 for a cut, which is found on the same frame from both sides, and more for a flash or a fade. */
  readonly frames: number
}

/** Middle difference of two pictures, in levels of 255: less is no cut, so much is surely one. */
const leastCut = 8
const sureCut = 24
/** A cut stands out from the movement before it, and leaves little of the picture where it was. */
const aboveMovement = 1.8
const movementFrames = 6
const leastChange = 0.25
/** Shots are no shorter than this. */
export const shortestShot = 4
/** A picture with less contrast than this, and as dark or light as that, shows nothing. */
const emptyDeviation = 5
const emptyDarkness = 20
const emptyLightness = 225
/** So many frames that show nothing are the end of a shot, whatever follows; fewer may be a flash, or a light gone out. */
const longestBlink = 6
/** A picture that is lighter nearly everywhere, so much of it without end, may be a flash; it fades within so many frames. */
const flashLighterShare = 0.9
const flashBlownOutShare = 0.15
const longestFlash = 8
/** After it the picture is like the one before. */
const sameAfterFlash = 0.8
/** A dissolve that was found in its middle goes on for so long at most. */
const restOfDissolve = 30
/** What lies farther back than this before a frame tells nothing of whether a shot begins there. */
export const shotLookBack = dissolveFrames.at(-1)!

interface Seen {
  readonly frameIndex: number
  readonly signature: PictureSignature
}

/** Pictures that show nothing or are blown out, until it is known what follows. */
interface Interruption {
  readonly frameIndex: number
  /** The last picture before; null where the video begins so. */
  readonly before: PictureSignature | null
  frames: number
  steadyFrames: number
  wasEmpty: boolean
  isTold: boolean
}

/**
 * Finds shots while a video is decoded, from small pictures of its frames: hard cuts by a difference that stands out from
 * the movement before and that no turn or zoom of the camera explains, fades through black or white by pictures without
 * contrast between two that are not alike, dissolves by pictures that are mixtures of two others. Frames come in order. The
 * first one counts as the beginning of a shot, so whoever begins in the middle of a video shows `shotLookBack` frames more.
 */
export class ShotDetector {
  /** Pictures of the shot, newest last. */
  readonly #recent: Seen[] = []
  readonly #movement: number[] = []
  #shotFrames = 0
  #dissolveFrom = 0
  #interruption: Interruption | null = null

  /** @returns the shot that this frame makes known, which may have begun some frames before; null mostly */
  add(frame: DecodedFrame): FoundShot | null {
    const signature = pictureSignature(frame)
    const before = this.#recent.at(-1)?.signature ?? null
    this.#recent.push({ frameIndex: frame.frameIndex, signature })
    if (this.#recent.length > dissolveFrames.at(-1)! + 1) this.#recent.shift()
    this.#shotFrames++
    if (this.#interruption !== null) return this.#endInterruption(this.#interruption, before, signature)
    if (isEmpty(signature) || (before !== null && isBlownOut(before, signature))) {
      this.#interruption = {
        ...{ frameIndex: frame.frameIndex, before, frames: 1, steadyFrames: 0 },
        ...{ wasEmpty: isEmpty(signature), isTold: false },
      }
      return null
    }
    if (before === null) return null
    return this.#cutAt(frame.frameIndex, before, signature) ?? this.#dissolve()
  }

  #cutAt(frameIndex: number, before: PictureSignature, now: PictureSignature): FoundShot | null {
    const difference = medianDifference(before, now)
    const movement = Math.max(0, ...this.#movement)
    this.#movement.push(difference)
    if (this.#movement.length > movementFrames) this.#movement.shift()
    const standsOut = difference >= leastCut && difference >= aboveMovement * movement
    if (this.#shotFrames <= shortestShot || !standsOut) return null
    if (1 - signatureLikeness(before, now) < leastChange) return null
    if (likenessAfterMotion(before, now) > sameAfterMotion) return null
    return this.#begin({ frameIndex, kind: 'cut', confidence: cutConfidence(difference), frames: 1 })
  }

  /** What becomes of pictures that show nothing. */
  #endInterruption(
    interruption: Interruption,
    last: PictureSignature | null,
    now: PictureSignature,
  ): FoundShot | null {
    const { before, frameIndex } = interruption
    interruption.frames++
    if (isEmpty(now)) {
      interruption.wasEmpty = true
      if (interruption.isTold || before === null || interruption.frames < longestBlink) return null
      interruption.isTold = true
      return { frameIndex, kind: 'fade', confidence: 1, frames: interruption.frames }
    }
    const isSteady = last !== null && medianDifference(last, now) < leastCut / 2
    interruption.steadyFrames = isSteady ? interruption.steadyFrames + 1 : 0
    const mayFade = interruption.frames <= longestFlash && interruption.steadyFrames < shortestShot
    if (before !== null && mayFade && isBlownOut(before, now)) return null
    this.#interruption = null
    this.#forget()
    if (before === null || interruption.isTold) return null
    if (signatureLikeness(before, now) > sameAfterFlash) return null
    if (likenessAfterMotion(before, now) > sameAfterMotion) return null
    const { frames } = interruption
    return interruption.wasEmpty
      ? { frameIndex, kind: 'fade', confidence: 1, frames }
      : { frameIndex, kind: 'cut', confidence: cutConfidence(medianDifference(before, now)), frames }
  }

  /** A picture that has been mixed into another. */
  #dissolve(): FoundShot | null {
    if (this.#shotFrames < this.#dissolveFrom) return null
    for (const frames of dissolveFrames) {
      if (this.#recent.length <= frames) return null
      const window = this.#recent.slice(-frames - 1)
      if (!isDissolve(window.map(({ signature }) => signature))) continue
      const shot = this.#begin({
        frameIndex: window[1]!.frameIndex,
        kind: 'fade',
        confidence: 0.7,
        frames,
      })
      this.#dissolveFrom = restOfDissolve
      return shot
    }
    return null
  }

  #begin(shot: FoundShot): FoundShot {
    this.#forget()
    return shot
  }

  /** A new shot, of which the newest picture is all that is known. */
  #forget(): void {
    this.#recent.splice(0, this.#recent.length - 1)
    this.#movement.length = 0
    this.#shotFrames = 1
    this.#dissolveFrom = 0
  }
}

function isEmpty({ mean, deviation }: PictureSignature): boolean {
  return deviation < emptyDeviation && (mean < emptyDarkness || mean > emptyLightness)
}

function isBlownOut(before: PictureSignature, now: PictureSignature): boolean {
  return (
    blownOutShare(now) - blownOutShare(before) > flashBlownOutShare &&
    lighterShare(before, now, 0) > flashLighterShare
  )
}

function cutConfidence(difference: number): number {
  return Math.min(1, 0.5 + Math.max(0, difference - leastCut) / (2 * (sureCut - leastCut)))
}

/** A detector that has seen what lies before a frame. @throws what decoding throws; the signal's reason */
export async function shotDetectorAt(
  video: Pick<VideoSource, 'frames'>,
  frameIndex: number,
  signal?: AbortSignal,
): Promise<ShotDetector> {
  const detector = new ShotDetector()
  const before = { first: Math.max(0, frameIndex - shotLookBack), last: frameIndex - 1 }
  if (frameIndex > 0) for await (const frame of video.frames(before, signal)) detector.add(frame)
  return detector
}

/**
 * All shots that a range makes known, as on the way through the whole video; decoded for this alone.
 * @throws what decoding throws; the signal's reason
 */
export async function findShots(
  video: Pick<VideoSource, 'frames'>,
  range: FrameRange,
  signal?: AbortSignal,
): Promise<FoundShot[]> {
  const detector = await shotDetectorAt(video, range.first, signal)
  const found: FoundShot[] = []
  for await (const frame of video.frames(range, signal)) {
    const shot = detector.add(frame)
    if (shot) found.push(shot)
  }
  return found
}
