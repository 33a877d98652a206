import type { RunLengthMask } from '../../contract/mask.ts'
import type { Alternative, Box } from '../../contract/prompts.ts'
import type { Device } from '../../../models/runtime/session.ts'
import type { WantedPrecision } from '../../../models/sam2/model-graphs.ts'
import type { PixelBox } from '../masks/run-length-measures.ts'
import type { PointPrompt } from './predictor-types.ts'
import type { PromptRules, TrackingOptions } from './tracking-options.ts'
import type { ReplayedFrame } from './walk-replay.ts'

/** Which model the tracker thread shall hold, and how. */
export interface TrackerModel {
  /** A name of the zoo or the path of a checkpoint. */
  readonly model: string
  readonly modelsFolder: string
  /** Side of the model's picture in pixels. */
  readonly inputSizePx: number
  readonly device: Device
  readonly precision: WantedPrecision
  /** Bytes that features of pictures may take. */
  readonly featureBytes: number
}

export interface LoadedTracker {
  readonly name: string
  readonly inputSizePx: number
  /** Where it runs: another device than asked for when that one failed. */
  readonly device: Device
  /** Why it does not run where it was asked to, as a sentence. */
  readonly fallback: string | null
}

/** A video as the tracker thread sees it. Its pictures are asked for by content. */
export interface TrackedVideo {
  readonly contentId: string
  readonly widthPx: number
  readonly heightPx: number
  readonly frameCount: number
}

export interface VideoFrame {
  readonly video: TrackedVideo
  readonly frameIndex: number
}

/** All that was said of one object on one frame, source pixels. */
export type FramePrompts =
  | {
      readonly kind: 'points'
      /** In the order in which they were set. */
      readonly points: readonly PointPrompt[]
      readonly box: Box | null
      /** What was tracked there before the prompts, which they then correct; null where there was nothing. */
      readonly base: RunLengthMask | null
      /** Which of the model's offers for the first point was chosen; null for its own choice. */
      readonly alternative: number | null
    }
  | { readonly kind: 'mask'; readonly mask: RunLengthMask }

/** A prompted frame by which an object is known on another one. */
export interface RememberedPrompts {
  readonly frameIndex: number
  readonly prompts: FramePrompts
}

/** The stored mask of a tracked frame by which an object is known on another one. */
export interface RememberedMask {
  readonly frameIndex: number
  readonly mask: RunLengthMask
  /** The part of the frame in which it was tracked; null for all of it. */
  readonly view: PixelBox | null
}

/** What the walk that tracked a frame knew the object by, as it is stored. */
export interface StoredMemory {
  readonly reverse: boolean
  /** The part of the frame itself in which it was tracked; null for all of it. */
  readonly view: PixelBox | null
  /** One at least. */
  readonly prompted: readonly RememberedPrompts[]
  /** Those that the walk passed before, the nearest first. */
  readonly tracked: readonly RememberedMask[]
}

/** A mask at source size with what the model says of it. */
export interface ScoredMask {
  readonly mask: RunLengthMask
  /** Logit; above 0 the object is present. */
  readonly objectScore: number
  /** 0 to 1. */
  readonly predictedIou: number
  /** IoU of the mask at a higher and a lower threshold, 0 to 1. */
  readonly stability: number
}

/** A mask found in a video of which nothing was known. */
export interface SoughtMask extends ScoredMask {
  /** Cosine of its mean feature to the likest example's, -1 to 1. */
  readonly similarity: number
}

/** What the model says of an object where it is known to be, on the mean. */
export interface OwnScores {
  readonly predictedIou: number
  readonly objectScore: number
  /** IoU of what it finds there with what is known, 0 to 1. */
  readonly agreement: number
}

export interface PromptAnswer extends ScoredMask {
  /** In the model's order; none where it has one opinion only. */
  readonly alternatives: readonly Alternative[]
  readonly chosenAlternative: number | null
}

export interface PromptQuestion extends VideoFrame {
  readonly prompts: FramePrompts
  /** What the object is known by where the prompts correct what was tracked; null elsewhere. */
  readonly memory: StoredMemory | null
  readonly rules: PromptRules
}

interface TrackPlace {
  readonly trackId: number
  readonly objectId: number
  readonly frameIndex: number
}

/** What the engine asks of its tracker thread, with the parameters and the answer of each request. */
export interface TrackerRequests {
  load: { params: TrackerModel; result: LoadedTracker }
  /** Encodes a picture, so that the next click on it is answered at once. */
  encode: { params: VideoFrame; result: null }
  /** The same always gives the same answer. */
  answer: { params: PromptQuestion; result: PromptAnswer }
  /**
   * Makes ready what a click on a tracked frame is seen with: one frame of the memory, or, where `frame` is null, the
   * clicked frame with all of it.
   */
  remember: {
    params: VideoFrame & {
      memory: StoredMemory
      frame: RememberedPrompts | RememberedMask | null
      rules: PromptRules
    }
    result: null
  }
  /** Opens a walk through a video in one direction, without any object yet. */
  beginTrack: {
    params: {
      trackId: number
      video: TrackedVideo
      reverse: boolean
      tracking: TrackingOptions
      /** Frames on which shots begin. */
      shotStarts: readonly number[]
    }
    result: null
  }
  /** Says that a shot begins on a frame. */
  beginShot: { params: { trackId: number; frameIndex: number }; result: null }
  /** Takes a prompted frame into an object's memory, in place of what it knew of that frame. */
  condition: { params: TrackPlace & { prompts: FramePrompts }; result: null }
  /** Takes a tracked frame of before into an object's memory. */
  recall: { params: Omit<TrackPlace, 'frameIndex'> & { frame: ReplayedFrame }; result: null }
  /** Tracks an object on a frame; it attends to these of its conditioning frames. */
  step: { params: TrackPlace & { conditioningFrames: readonly number[] }; result: ScoredMask }
  /** What `step` found of these objects on a frame, each pixel with the object that has the highest logit there. */
  divide: {
    params: { trackId: number; objectIds: readonly number[]; frameIndex: number }
    result: readonly { readonly objectId: number; readonly mask: RunLengthMask }[]
  }
  endTrack: { params: { trackId: number }; result: null }
  /** Learns how an object looks, in place of what was known by that id. Answers what the model says of the examples. */
  learn: {
    params: { appearanceId: number; examples: readonly (VideoFrame & { mask: RunLengthMask })[] }
    result: OwnScores
  }
  /** Looks for an object on a frame of any video. */
  seek: { params: VideoFrame & { appearanceId: number }; result: SoughtMask }
  /** Looks from what is found on a frame back to the examples: IoU with what is known there, 0 to 1. */
  confirm: { params: VideoFrame & { appearanceId: number }; result: number }
  forget: { params: { appearanceId: number }; result: null }
  stageTimes: { params: Record<never, never>; result: StageTimes }
}

export type TrackerRequestName = keyof TrackerRequests

/** Mean milliseconds of one run of each graph since the model was loaded, by the graph's name. */
export type StageTimes = Readonly<Record<string, number>>

export interface RequestMessage {
  readonly kind: 'request'
  readonly id: number
  readonly name: TrackerRequestName
  readonly params: unknown
}

/** A frame in source size: RGB, 8 bits a channel, row-major; null where it could not be had. */
export interface PictureMessage {
  readonly kind: 'picture'
  readonly id: number
  readonly rgb: Uint8Array | null
  /** Why there is none. */
  readonly failure: PassedError | null
}

export type ToTracker = RequestMessage | PictureMessage

export type FeatureState = 'encoding' | 'encoded' | 'failed' | 'dropped'

export type FromTracker =
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: PassedError }
  | {
      readonly kind: 'needPicture'
      readonly id: number
      readonly contentId: string
      readonly frameIndex: number
    }
  /** The model does not run as it was asked to: a sentence for the person. */
  | { readonly kind: 'notice'; readonly sentence: string }
  | {
      readonly kind: 'features'
      readonly contentId: string
      readonly frameIndex: number
      readonly state: FeatureState
    }

/** An error on its way through a structured clone, which would drop its class and code. */
export interface PassedError {
  /** null for a defect of ours. */
  readonly code: string | null
  readonly message: string
  readonly stack: string
}
