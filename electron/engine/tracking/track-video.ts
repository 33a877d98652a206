import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import type { BinaryMask } from '../masks/binary-mask.ts'
import { findShots, shotDetectorAt } from '../video/shot-detector.ts'
import type { DecodedFrame, FrameRange, VideoSource } from '../video/video-source.ts'
import { trackedFrame } from './object-mask.ts'
import type { PictureEncoder } from './picture-encoder.ts'
import type { SharedFeatures } from './shared-features.ts'
import { Shots } from './shots.ts'
import { DEFAULT_TRACKING, OFFICIAL_TRACKING, type TrackingOptions } from './tracking-options.ts'
import { checkMask } from './prompt-checks.ts'
import { NothingToTrack } from './tracking-errors.ts'
import { VideoPictures } from './video-pictures.ts'
import type { PointsOrBox, PredictedFrame, PredictorMode } from './predictor-types.ts'
import { VideoPredictor } from './video-predictor.ts'
import { WalkJudge, type JudgedFrame } from './walk-judge.ts'

/** The prompts of one object on one frame. */
export interface FramePrompt {
  readonly objectId: number
  readonly frameIndex: number
  readonly prompt:
    ({ readonly kind: 'points-or-box' } & PointsOrBox) | { readonly kind: 'mask'; readonly mask: BinaryMask }
}

export type TrackDirection = 'forward' | 'reverse' | 'both'

export interface TrackVideoOptions {
  readonly video: VideoSource
  readonly model: Sam2Model
  readonly prompts: readonly FramePrompt[]
  readonly direction: TrackDirection
  /** Frames to give back and to track in; prompts must lie in it. */
  readonly range: FrameRange
  readonly mode: PredictorMode
  /** What the default mode does more; the reference does none of it. */
  readonly tracking?: TrackingOptions
  /** Filled with the shots that are found. */
  readonly shots?: Shots
  readonly sharedFeatures?: SharedFeatures
  /** Encodes each next picture while the objects of this one are tracked. */
  readonly pictureEncoder?: PictureEncoder
  readonly signal?: AbortSignal
  /** Called after each frame that the model has worked on, in either direction. */
  onTracked?(framesDone: number, framesTotal: number): void
}

export interface TrackedPicture {
  readonly frame: DecodedFrame
  readonly tracked: JudgedFrame
}

/**
 * Tracks all objects of a video and gives its frames in presentation order with their masks. Forward tracking and
 * output share one decode; what is tracked in reverse goes first and waits as run-length masks. A signal ends the
 * tracking, but what waits is still given: frames begin at the earliest one that was reached then.
 * @throws NothingToTrack without prompts; InvalidPrompt; what decoding throws; the signal's reason, after what waited
 */
export async function* trackVideo(options: TrackVideoOptions): AsyncGenerator<TrackedPicture> {
  const { video, model, range, direction, signal } = options
  const tracking = options.mode === 'reference' ? OFFICIAL_TRACKING : (options.tracking ?? DEFAULT_TRACKING)
  const given = { mode: options.mode, exclusiveObjects: tracking.exclusiveObjects }
  const shots = options.shots ?? new Shots()
  const promptedFrames = options.prompts.map(({ frameIndex }) => frameIndex)
  const [earliest, latest] = [Math.min(...promptedFrames), Math.max(...promptedFrames)]
  // A prompt that lies ahead says nothing of the shots before its own.
  const searched = direction === 'forward' ? { first: range.first, last: latest } : range
  if (tracking.detectShots && (direction !== 'forward' || latest > earliest))
    for (const { frameIndex } of await findShots(video, searched, signal)) shots.add(frameIndex)
  const detector =
    tracking.detectShots && direction === 'forward' ? await shotDetectorAt(video, range.first, signal) : null
  const pictures = new VideoPictures(video, model, options.pictureEncoder)
  const predictor = new VideoPredictor(
    model,
    pictures,
    { mode: options.mode, shots, tracking },
    options.sharedFeatures,
  )
  await givePrompts(predictor, options)
  const reverseStart = direction === 'both' ? earliest : latest
  const total =
    (direction === 'forward' ? 0 : reverseStart - range.first + 1) +
    (direction === 'reverse' ? 0 : range.last - earliest + 1)
  let done = 0
  const count = (): void => options.onTracked?.(++done, total)

  const judgeOfWalk = (): ((predicted: PredictedFrame) => JudgedFrame) => {
    const judge = new WalkJudge(shots, (objectId, frameIndex) =>
      options.prompts.some((prompt) => prompt.objectId === objectId && prompt.frameIndex === frameIndex),
    )
    return (predicted) => {
      const tracked = trackedFrame(predicted, model, video, given)
      if (!given.exclusiveObjects) return judge.judge(tracked, tracked)
      return judge.judge(
        tracked,
        trackedFrame(predicted, model, video, { ...given, exclusiveObjects: false }),
      )
    }
  }
  const waiting = new Map<number, JudgedFrame>()
  if (direction !== 'forward') {
    const maxFrames = reverseStart - range.first
    const judged = judgeOfWalk()
    try {
      for await (const predicted of predictor.propagate({
        startFrame: reverseStart,
        maxFrames,
        reverse: true,
        ...(signal ? { signal } : {}),
      })) {
        waiting.set(predicted.frameIndex, judged(predicted))
        count()
      }
    } catch (error) {
      if (error !== signal?.reason || waiting.size === 0) throw error
    }
  }
  const lastWaiting = waiting.size > 0 ? reverseStart : -1
  const first = signal?.aborted && waiting.size > 0 ? Math.min(...waiting.keys()) : range.first
  const forward =
    direction === 'reverse'
      ? undefined
      : predictor.propagate({
          startFrame: earliest,
          maxFrames: range.last - earliest,
          ...(signal ? { signal } : {}),
        })
  const judged = judgeOfWalk()
  // The signal is not for the decoder: it would end before what waits is given.
  for await (const { item: frame, next } of withNext(video.frames({ first, last: range.last }))) {
    const { frameIndex } = frame
    if (frameIndex > lastWaiting) signal?.throwIfAborted()
    pictures.offer(frame)
    const shot = detector?.add(frame)
    if (shot) shots.add(shot.frameIndex)
    if (forward && next && next.frameIndex > earliest && !signal?.aborted) pictures.encodeAhead(next)
    if (forward && frameIndex >= earliest && !signal?.aborted) {
      const { value, done: ended } = await forward.next()
      if (ended) throw new Error(`tracking ended before frame ${frameIndex}`)
      yield { frame, tracked: judged(value) }
      count()
    } else {
      yield { frame, tracked: waiting.get(frameIndex) ?? { frameIndex, masks: [], lookAlikes: [] } }
      waiting.delete(frameIndex)
    }
  }
}

/** Each item with the one that follows it. */
async function* withNext<Item>(items: AsyncIterable<Item>): AsyncGenerator<{ item: Item; next?: Item }> {
  let waiting: { item: Item } | undefined
  for await (const next of items) {
    if (waiting) yield { ...waiting, next }
    waiting = { item: next }
  }
  if (waiting) yield waiting
}

/**
 * Gives the predictor all prompts, frame by frame, so that each prompted picture is encoded once.
 * @throws NothingToTrack without prompts, or with one outside the range; InvalidPrompt
 */
export async function givePrompts(
  predictor: VideoPredictor,
  {
    video,
    prompts,
    range,
  }: Pick<TrackVideoOptions, 'prompts' | 'range'> & {
    readonly video: Pick<VideoSource, 'widthPx' | 'heightPx'>
  },
): Promise<void> {
  if (prompts.length === 0) {
    throw new NothingToTrack('Nothing can be tracked without a prompt: give at least one point or box.')
  }
  const outside = prompts.find(({ frameIndex }) => frameIndex < range.first || frameIndex > range.last)
  if (outside) {
    throw new NothingToTrack(
      `The prompt on frame ${outside.frameIndex} lies outside the range ${range.first} to ${range.last}.`,
    )
  }
  for (const { prompt } of prompts) if (prompt.kind === 'mask') checkMask(prompt.mask, video)
  for (const { objectId, frameIndex, prompt } of [...prompts].sort((a, b) => a.frameIndex - b.frameIndex)) {
    switch (prompt.kind) {
      case 'points-or-box':
        await predictor.addPointsOrBox(frameIndex, objectId, prompt)
        break
      case 'mask':
        await predictor.addMask(frameIndex, objectId, prompt.mask)
        break
    }
  }
}
