import type { ConditioningInputs } from '../../../models/sam2/memory-stage.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import type { BinaryMask } from '../masks/binary-mask.ts'
import { GIVEN_FRAME, type FrameRecord } from './frame-record.ts'
import { bankOptionsOf, selectFromBank, type BankOptions } from './memory-bank.ts'
import { ObjectFollower } from './object-follower.ts'
import { ObjectTrack, type Records } from './object-track.ts'
import { pointInputsOf } from './point-inputs.ts'
import { PredictorFeatures } from './predictor-features.ts'
import type {
  PointsOrBox,
  PredictedFrame,
  PredictorOptions,
  PredictorVideo,
  PropagationOptions,
} from './predictor-types.ts'
import { answerMask, answerNearer, answerPoints, type PromptedScene } from './prompt-answers.ts'
import { checkBox, checkFrame, checkPoints } from './prompt-checks.ts'
import { settlePrompts } from './settle-prompts.ts'
import { keepFeatures, type SharedFeatures } from './shared-features.ts'
import { Shots } from './shots.ts'
import { captureTracks, restoreTracks, type TrackState } from './track-state.ts'
import { NothingToTrack, UnknownObject } from './tracking-errors.ts'
import { DEFAULT_TRACKING, OFFICIAL_TRACKING, promptRulesOf } from './tracking-options.ts'

/**
 * The official SAM2VideoPredictor call for call (sam2_video_predictor.py at 2b90b9f), one session of memory per
 * object and the picture's features shared. Prompts are in source pixels.
 */
export class VideoPredictor {
  private readonly model: Sam2Model
  private readonly video: PredictorVideo
  private readonly options: PredictorOptions
  private readonly bankOptions: BankOptions
  private readonly tracks = new Map<number, ObjectTrack>()
  private readonly features: PredictorFeatures

  /** @param features those of one's own last picture by default */
  constructor(
    model: Sam2Model,
    video: PredictorVideo,
    options: Partial<PredictorOptions> = {},
    features: SharedFeatures = keepFeatures(model, 1),
  ) {
    this.model = model
    this.video = video
    const mode = options.mode ?? 'default'
    this.options = {
      mode,
      tracking: mode === 'reference' ? OFFICIAL_TRACKING : (options.tracking ?? DEFAULT_TRACKING),
      shots: options.shots ?? new Shots(),
    }
    this.features = new PredictorFeatures(model, video, features, () => this.tracks.values())
    this.bankOptions = bankOptionsOf(model)
  }

  get objectIds(): number[] {
    return [...this.tracks.keys()]
  }

  /**
   * `add_new_points_or_box`: prompts an object on a frame and answers with all objects there.
   * @throws InvalidPrompt for prompts that say nothing or lie outside.
   */
  async addPointsOrBox(frameIndex: number, objectId: number, prompt: PointsOrBox): Promise<PredictedFrame> {
    const { points = [], box, clearOldPoints = true } = prompt
    checkFrame(frameIndex, this.video)
    checkPoints(points, this.video, { allowNone: box !== undefined })
    if (box) checkBox(box, this.video, { clearOldPoints })
    const track = this.trackOf(objectId)
    const inputs = pointInputsOf(points, box, clearOldPoints ? undefined : track.points.get(frameIndex))
    track.points.set(frameIndex, inputs)

    const { isFirst, reverse, destination } = this.placeOf(track, frameIndex)
    const previous = track.pending[destination].get(frameIndex) ?? track.settledRecord(frameIndex)
    const scene = this.sceneAt(frameIndex)
    const question = {
      inputs,
      isAmbiguous: inputs.labels.length <= 1,
      seenWith: () => ({
        addNoMemory: isFirst,
        ...(isFirst ? {} : { bank: this.bankAt(track, frameIndex, reverse) }),
      }),
    }
    const found = await answerPoints(scene, question, previous?.view ?? null, previous?.maskLogits)
    const answer = previous ? found : await answerNearer(scene, question, found)
    const record = { ...GIVEN_FRAME, ...answer, memory: null }
    track.pending[destination].set(frameIndex, record)
    return this.answer(frameIndex, destination)
  }

  /**
   * `add_new_mask`: gives an object's mask on a frame.
   * @param mask any size; it is brought to the model's.
   */
  async addMask(frameIndex: number, objectId: number, mask: BinaryMask): Promise<PredictedFrame> {
    checkFrame(frameIndex, this.video)
    const track = this.trackOf(objectId)
    track.points.delete(frameIndex)
    const { destination } = this.placeOf(track, frameIndex)
    const answer = await answerMask(this.sceneAt(frameIndex), mask)
    const record = { ...GIVEN_FRAME, ...answer, memory: null }
    track.pending[destination].set(frameIndex, record)
    return this.answer(frameIndex, destination)
  }

  /** `clear_all_prompts_in_frame` for one object. */
  clearFrame(frameIndex: number, objectId: number): PredictedFrame {
    this.knownTrack(objectId).clearFrame(frameIndex)
    const prompted = [...this.tracks.values()].some((track) => track.pending.conditioning.has(frameIndex))
    return this.answer(frameIndex, prompted ? 'conditioning' : 'tracked')
  }

  /** `remove_object`: forgets an object and all that was tracked of it. */
  removeObject(objectId: number): void {
    this.knownTrack(objectId).dispose()
    this.tracks.delete(objectId)
  }

  /** `reset_state`: forgets all objects; features of pictures stay. */
  reset(): void {
    for (const track of this.tracks.values()) track.dispose()
    this.tracks.clear()
  }

  /**
   * `propagate_in_video`: carries all objects through the video and yields frame by frame, prompted frames as they
   * are. Prompts may be given between two frames; they are taken up by the next propagation.
   * @throws NothingToTrack when there is no object, or one without prompts.
   */
  async *propagate(options: PropagationOptions = {}): AsyncGenerator<PredictedFrame> {
    const asksAppearance = this.options.tracking.memorySelection === 'selective'
    await settlePrompts([...this.tracks.values()], this.model, this.features, asksAppearance)
    // An object prompted while this goes on has no memory yet; it joins the next propagation.
    const tracks = [...this.tracks.values()]
    const { frameCount } = this.video
    const { reverse = false, maxFrames = frameCount, signal } = options
    const start = options.startFrame ?? this.earliestConditioningFrame()
    checkFrame(start, this.video)
    const last = reverse ? Math.max(start - maxFrames, 0) : Math.min(start + maxFrames, frameCount - 1)
    // The reference skips a reverse start at frame 0 altogether, its prompted frame included.
    if (reverse && start === 0 && this.options.mode === 'reference') return
    const follower = this.followerOf()
    const step = reverse ? -1 : 1
    try {
      for (let frameIndex = start; reverse ? frameIndex >= last : frameIndex <= last; frameIndex += step) {
        signal?.throwIfAborted()
        const objects: { objectId: number; record: FrameRecord }[] = []
        for (const track of tracks) {
          if (this.tracks.get(track.objectId) !== track) continue
          const record = await this.trackFrame(track, follower, frameIndex, reverse)
          track.passed.set(frameIndex, { reverse })
          objects.push({ objectId: track.objectId, record })
        }
        yield { frameIndex, objects }
      }
    } finally {
      follower.dispose()
    }
  }

  /** What a propagation that goes on needs, to be kept outside; not what `placeOf` needs for corrections. */
  capture(): Promise<readonly TrackState[]> {
    return this.features.holding(() => captureTracks(this.model, this.tracks.values()))
  }

  /** Takes up captured tracks in place of all objects: the next propagation goes on as if nothing had come between. */
  restore(states: readonly TrackState[]): void {
    this.reset()
    for (const track of restoreTracks(this.model, states)) this.tracks.set(track.objectId, track)
  }

  private followerOf(): ObjectFollower {
    const { mode, tracking, shots } = this.options
    return new ObjectFollower(this.model, {
      ...{ tracking, shots, bank: this.bankOptions, frame: this.video },
      forgets: mode === 'default',
    })
  }

  /** One object on one frame of a propagation: what is settled there, or `track_step`. */
  private async trackFrame(
    track: ObjectTrack,
    follower: ObjectFollower,
    frameIndex: number,
    reverse: boolean,
  ): Promise<FrameRecord> {
    const { conditioning, tracked } = track.settled
    const prompted = conditioning.get(frameIndex)
    if (prompted) return prompted
    this.requireConditioning(track)
    const query = { frameIndex, frameCount: this.video.frameCount, reverse }
    const others = [...this.tracks.values()].filter((other) => other !== track)
    // As a whole: what is made of one picture for another must be made anew with it.
    return this.features.holding(() =>
      follower.step(
        { conditioning, tracked },
        query,
        (view, work, other) =>
          this.features.useHere(other?.frameIndex ?? frameIndex, view, work, other?.isMirrored),
        others.map(({ settled }) => settled),
      ),
    )
  }

  private requireConditioning({ objectId, settled }: ObjectTrack): void {
    if (settled.conditioning.size > 0) return
    throw new NothingToTrack(`Object ${objectId} has no prompts left to be tracked from.`)
  }

  private bankAt(track: ObjectTrack, frameIndex: number, reverse: boolean): ConditioningInputs {
    this.requireConditioning(track)
    const query = { frameIndex, frameCount: this.video.frameCount, reverse }
    return selectFromBank(track.settled, query, this.bankOptions)
  }

  private placeOf(
    track: ObjectTrack,
    frameIndex: number,
  ): { isFirst: boolean; reverse: boolean; destination: keyof Records } {
    const passed = track.passed.get(frameIndex)
    const corrects = this.options.mode === 'default'
    // Without a conditioning frame there is no memory to see the frame with.
    const isFirst = passed === undefined || (corrects && track.settled.conditioning.size === 0)
    return {
      isFirst,
      reverse: passed?.reverse ?? false,
      destination: isFirst || corrects ? 'conditioning' : 'tracked',
    }
  }

  private answer(frameIndex: number, destination: keyof Records): PredictedFrame {
    const objects = [...this.tracks.values()].map((track) => ({
      objectId: track.objectId,
      record: track.pending[destination].get(frameIndex) ?? track.settledRecord(frameIndex) ?? null,
    }))
    return { frameIndex, objects }
  }

  private sceneAt(frameIndex: number): PromptedScene {
    return {
      ...{ model: this.model, frame: this.video },
      rules: promptRulesOf(this.options.tracking),
      look: (view, work) => this.features.use(frameIndex, view, work),
    }
  }

  private earliestConditioningFrame(): number {
    const frames = [...this.tracks.values()].flatMap((track) => [...track.settled.conditioning.keys()])
    return Math.min(...frames)
  }

  private trackOf(objectId: number): ObjectTrack {
    const known = this.tracks.get(objectId)
    if (known) return known
    const track = new ObjectTrack(objectId)
    this.tracks.set(objectId, track)
    return track
  }

  private knownTrack(objectId: number): ObjectTrack {
    const track = this.tracks.get(objectId)
    if (!track) throw new UnknownObject(objectId)
    return track
  }
}
