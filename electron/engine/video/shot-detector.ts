import {
  medianDifference,
  mixedSignature,
  pictureSignature,
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
}

/** Middle difference of two pictures, in levels of 255: less is no cut, so much is surely one. */
const leastCut = 8
const sureCut = 24
/** A cut stands out from the movement before it, and leaves little of the picture where it was. */
const aboveMovement = 1.8
const movementFrames = 6
const leastChange = 0.4
/** Shots are no shorter than this. */
const shortestShot = 4
/** A picture with less contrast than this shows nothing: black or white between two shots. */
const flatDeviation = 7
/** A dissolve takes so many frames, and its pictures are mixtures of both ends. */
const dissolveFrames = 12
const offMixture = 0.3

/**
 * Finds shots while a video is decoded, from small pictures of its frames: hard cuts by a difference that stands out from
 * the movement before, fades through black or white by pictures without contrast, dissolves by pictures that are
 * mixtures of two others. Frames come in order.
 */
export class ShotDetector {
  /** Pictures of the shot, newest last. */
  readonly #recent: { readonly frameIndex: number; readonly signature: PictureSignature }[] = []
  readonly #movement: number[] = []
  #shotFrames = 0
  #isFlat = false

  /** @returns the shot that this frame makes known; null mostly */
  add(frame: DecodedFrame): FoundShot | null {
    const signature = pictureSignature(frame)
    const before = this.#recent.at(-1)?.signature
    this.#recent.push({ frameIndex: frame.frameIndex, signature })
    if (this.#recent.length > dissolveFrames + 1) this.#recent.shift()
    this.#shotFrames++
    const wasFlat = this.#isFlat
    this.#isFlat = signature.deviation < flatDeviation
    if (before === undefined) return null
    // Out of the dark the same shot goes on: the one that began when the old one had gone.
    if (wasFlat) return null
    if (this.#isFlat) return this.#begin(frame.frameIndex, 'fade', 1)
    return this.#cutAt(frame.frameIndex, before, signature) ?? this.#dissolve()
  }

  #cutAt(frameIndex: number, before: PictureSignature, now: PictureSignature): FoundShot | null {
    const difference = medianDifference(before, now)
    const movement = Math.max(0, ...this.#movement)
    this.#movement.push(difference)
    if (this.#movement.length > movementFrames) this.#movement.shift()
    const standsOut = difference >= leastCut && difference >= aboveMovement * movement
    const change = 1 - signatureLikeness(before, now)
    if (this.#shotFrames <= shortestShot || !standsOut || change < leastChange) return null
    const confidence = Math.min(1, 0.5 + (difference - leastCut) / (2 * (sureCut - leastCut)))
    return this.#begin(frameIndex, 'cut', confidence)
  }

  /** A shot whose oldest picture kept has been mixed into the newest one. */
  #dissolve(): FoundShot | null {
    if (this.#recent.length <= dissolveFrames) return null
    const signatures = this.#recent.map(({ signature }) => signature)
    const [first, last] = [signatures[0]!, signatures.at(-1)!]
    const whole = medianDifference(first, last)
    if (whole < 2 * leastCut || 1 - signatureLikeness(first, last) < leastChange) return null
    const isMixture = [0.25, 0.5, 0.75].every((part) => {
      const between = signatures[Math.round(part * dissolveFrames)]!
      return medianDifference(mixedSignature(first, last, part), between) < offMixture * whole
    })
    return isMixture ? this.#begin(this.#recent[1]!.frameIndex, 'fade', 0.7) : null
  }

  #begin(frameIndex: number, kind: FoundShot['kind'], confidence: number): FoundShot {
    this.#recent.splice(0, this.#recent.length - 1)
    this.#movement.length = 0
    this.#shotFrames = 1
    return { frameIndex, kind, confidence }
  }
}

/** All shots of a range, decoded for this alone. @throws what decoding throws; the signal's reason */
export async function findShots(
  video: VideoSource,
  range: FrameRange,
  signal?: AbortSignal,
): Promise<FoundShot[]> {
  const detector = new ShotDetector()
  const found: FoundShot[] = []
  for await (const frame of video.frames(range, signal)) {
    const shot = detector.add(frame)
    if (shot) found.push(shot)
  }
  return found
}
