import type { PromptRules } from './tracking-options.ts'
import { chooseMask } from '../../../models/sam2/mask-choice.ts'
import type { Sam2Model } from '../../../models/sam2/sam2-model.ts'
import type { RuntimeTensor } from '../../../models/runtime/tensor.ts'
import { GIVEN_FRAME, type FrameRecord } from './frame-record.ts'
import { LeasedCache } from './leased-cache.ts'
import { memoryOfPrompted, memoryOfTracked } from './mask-memory.ts'
import { bankOfChosen, bankOptionsOf } from './memory-bank.ts'
import { meanOfCandidates } from './mean-candidates.ts'
import type { Look } from './object-follower.ts'
import type { PromptedObject } from './prompt-answers.ts'
import type { RememberedMask, RememberedPrompts, StoredMemory, VideoFrame } from './tracker-protocol.ts'

/** A frame as it is seen with an object's memory bank. */
export interface SeenFrame {
  /** The picture's features with the bank in mind, [n, d]. */
  readonly conditioned: RuntimeTensor
  /** What is tracked there, [S/4, S/4]. */
  readonly trackedLogits: Float32Array
}

export interface MemoryScene extends VideoFrame {
  readonly rules: PromptRules
  lookAt(frameIndex: number): Look
  /** What the prompts of another frame come to. */
  answerOf(prompted: RememberedPrompts): Promise<PromptedObject>
}

/** A memory is a quarter as large as the picture's features with the bank in mind. */
const keptRecords = 64
const keptFrames = 8

/**
 * Sees frames with the memory bank that an object had there, made anew from prompts and stored masks: the same ones give
 * the same bank, whatever else was tracked meanwhile. What was made is kept, so that one more click asks for nothing of it again.
 */
export class FrameMemories {
  readonly #model: Sam2Model
  readonly #records: LeasedCache<string, FrameRecord>
  readonly #seen: LeasedCache<string, SeenFrame>

  constructor(model: Sam2Model) {
    this.#model = model
    const release = (memory: RuntimeTensor | null): Promise<void> => {
      memory?.dispose()
      return Promise.resolve()
    }
    this.#records = new LeasedCache({ capacity: keptRecords, release: ({ memory }) => release(memory) })
    this.#seen = new LeasedCache({ capacity: keptFrames, release: ({ conditioned }) => release(conditioned) })
  }

  /** Works with a frame as it is seen in the view of its memory. */
  use<Result>(
    scene: MemoryScene,
    memory: StoredMemory,
    work: (seen: SeenFrame) => Promise<Result> | Result,
  ): Promise<Result> {
    const key = JSON.stringify([scene.video.contentId, scene.frameIndex, scene.rules, memory])
    return this.#seen.use(key, () => this.#see(scene, memory), work)
  }

  /** Makes one frame of a memory ready. */
  remember(scene: MemoryScene, frame: RememberedPrompts | RememberedMask): Promise<void> {
    return this.#withRecords(scene, [frame], () => Promise.resolve())
  }

  clear(): void {
    this.#records.clear()
    this.#seen.clear()
  }

  #see(scene: MemoryScene, memory: StoredMemory): Promise<SeenFrame> {
    const { frameIndex, video } = scene
    const query = { frameIndex, frameCount: video.frameCount, reverse: memory.reverse }
    return this.#withRecords(scene, [...memory.prompted, ...memory.tracked], (records) => {
      const conditioning = new Map(
        memory.prompted.map((frame, place) => [frame.frameIndex, records[place]!] as const),
      )
      const recent = memory.tracked.map((frame, place) => ({
        record: records[memory.prompted.length + place]!,
        distance: Math.abs(frameIndex - frame.frameIndex),
      }))
      const bank = bankOfChosen(
        conditioning,
        { recent, tellingApart: [], mirrored: new Map() },
        query,
        bankOptionsOf(this.#model),
      )
      return scene.lookAt(frameIndex)(memory.view, async (image) => {
        const conditioned = await this.#model.conditionImage(image, bank)
        try {
          const candidates = await this.#model.decodeConditioned(image, conditioned)
          const best = chooseMask(candidates, true, this.#model.noObjectPointer)
          const isMean = scene.rules.isSelective && best.objectScore > 0
          return { conditioned, trackedLogits: isMean ? meanOfCandidates(candidates) : best.maskLogits }
        } catch (error) {
          // Nobody else knows of it yet.
          conditioned.dispose()
          throw error
        }
      })
    })
  }

  /** Works with the records of frames, in their order; none is let go meanwhile. */
  #withRecords<Result>(
    scene: MemoryScene,
    frames: readonly (RememberedPrompts | RememberedMask)[],
    work: (records: readonly FrameRecord[]) => Promise<Result>,
    records: readonly FrameRecord[] = [],
  ): Promise<Result> {
    const frame = frames[records.length]
    if (frame === undefined) return work(records)
    const key = JSON.stringify([scene.video.contentId, scene.rules, frame])
    return this.#records.use(
      key,
      () => this.#recordOf(scene, frame),
      (record) => this.#withRecords(scene, frames, work, [...records, record]),
    )
  }

  async #recordOf(
    { lookAt, answerOf }: MemoryScene,
    frame: RememberedPrompts | RememberedMask,
  ): Promise<FrameRecord> {
    const look = lookAt(frame.frameIndex)
    if ('mask' in frame) {
      const { mask, view } = frame
      return { ...GIVEN_FRAME, ...(await memoryOfTracked(this.#model, mask, view, look)), view }
    }
    const { maskLogits, pointer, objectScore, predictedIou, view } = await answerOf(frame)
    const found = { maskLogits, pointer, objectScore, predictedIou, view }
    return { ...GIVEN_FRAME, ...found, ...(await memoryOfPrompted(this.#model, found, look)) }
  }
}
