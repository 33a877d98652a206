import type { Sam2Model } from '../../../../models/sam2/sam2-model.ts'
import { trackedFrame } from '../../tracking/object-mask.ts'
import type { TrackedFrame } from '../../tracking/predictor-types.ts'
import type { Shots } from '../../tracking/shots.ts'
import type { TrackState } from '../../tracking/track-state.ts'
import { givePrompts, type FramePrompt, type TrackDirection } from '../../tracking/track-video.ts'
import type { TrackingOptions } from '../../tracking/tracking-options.ts'
import { NothingToTrack } from '../../tracking/tracking-errors.ts'
import { VideoPictures } from '../../tracking/video-pictures.ts'
import type { PredictorMode } from '../../tracking/predictor-types.ts'
import { VideoPredictor } from '../../tracking/video-predictor.ts'
import type { FrameRange, VideoSource } from '../../video/video-source.ts'

export interface WalkOptions {
  readonly video: VideoSource
  readonly model: Sam2Model
  readonly prompts: readonly FramePrompt[]
  readonly direction: TrackDirection
  readonly range: FrameRange
  readonly mode: PredictorMode
  readonly tracking: TrackingOptions
  /** Where shots begin in the range. */
  readonly shots: Shots
}

/** Frames in the order of the walk: back from the prompts first, then forward, as `trackVideo` goes. */
interface Leg {
  readonly reverse: boolean
  readonly start: number
  readonly length: number
}

/** Where a walk goes on: the steps that were made, and the bank after them. */
export interface WalkPosition {
  readonly stepsDone: number
  readonly bank: readonly TrackState[]
}

/** A walk through a video that can be left after any step and gone on with elsewhere. */
export class JobWalk {
  readonly stepCount: number
  readonly #options: WalkOptions
  readonly #legs: readonly Leg[]
  readonly #pictures: VideoPictures
  readonly #predictor: VideoPredictor

  /** @throws NothingToTrack without prompts */
  constructor(options: WalkOptions) {
    this.#options = options
    this.#legs = legsOf(options)
    this.stepCount = this.#legs.reduce((sum, { length }) => sum + length, 0)
    this.#pictures = new VideoPictures(options.video, options.model)
    this.#predictor = new VideoPredictor(options.model, this.#pictures, {
      ...{ mode: options.mode, tracking: options.tracking, shots: options.shots },
    })
  }

  /** The bank as it is after the step that was given last. */
  capture(): Promise<readonly TrackState[]> {
    return this.#predictor.capture()
  }

  /**
   * Whether the walk may be left after so many steps. The official predictor starts no walk back at frame 0, so in
   * `reference` mode the last step of a leg is not left for later.
   */
  canPause(stepsDone: number): boolean {
    let end = 0
    for (const { reverse, length } of this.#legs) {
      end += length
      if (reverse && stepsDone === end - 1) return this.#options.mode !== 'reference'
    }
    return true
  }

  /**
   * Makes the steps that are left, one frame with all objects each.
   * @param from null for a walk from the beginning
   * @throws InvalidPrompt, NothingToTrack, what decoding and the model throw
   */
  async *steps(from: WalkPosition | null): AsyncGenerator<TrackedFrame> {
    const { video, model, mode } = this.#options
    const given = { mode, exclusiveObjects: this.#options.tracking.exclusiveObjects }
    if (from === null) await givePrompts(this.#predictor, this.#options)
    else this.#predictor.restore(from.bank)
    let toPass = from?.stepsDone ?? 0
    for (const leg of this.#legs) {
      const passed = Math.min(toPass, leg.length)
      toPass -= passed
      if (passed === leg.length) continue
      for await (const predicted of this.#walk(leg, passed))
        yield trackedFrame(predicted, model, video, given)
    }
  }

  async *#walk({ reverse, start, length }: Leg, passed: number) {
    const startFrame = start + (reverse ? -passed : passed)
    const maxFrames = length - passed - 1
    const predicted = this.#predictor.propagate({ startFrame, maxFrames, reverse })
    if (reverse) {
      yield* predicted
      return
    }
    // One decoder reads ahead in order; frame by frame it would be started again and again.
    for await (const frame of this.#options.video.frames({
      first: startFrame,
      last: startFrame + maxFrames,
    })) {
      this.#pictures.offer(frame)
      const { value, done } = await predicted.next()
      if (done) return
      yield value
    }
  }
}

function legsOf({ prompts, direction, range, mode }: WalkOptions): Leg[] {
  const promptedFrames = prompts.map(({ frameIndex }) => frameIndex)
  if (promptedFrames.length === 0)
    throw new NothingToTrack('Nothing can be tracked without a prompt: give at least one point or box.')
  const earliest = Math.min(...promptedFrames)
  const legs: Leg[] = []
  if (direction !== 'forward') {
    const start = direction === 'both' ? earliest : Math.max(...promptedFrames)
    const isLeftOut = mode === 'reference' && start === 0
    if (!isLeftOut) legs.push({ reverse: true, start, length: start - range.first + 1 })
  }
  if (direction !== 'reverse')
    legs.push({ reverse: false, start: earliest, length: range.last - earliest + 1 })
  return legs
}
