import { PRIORITY } from '../tracking/work-queue.ts'
import type { FramePlace } from '../project/edits/prompt-edits.ts'
import { storedMemory } from '../runs/stored-memory.ts'
import type { TrackedVideo } from '../tracking/tracker-protocol.ts'
import { promptRulesOf, trackingOptionsOf } from '../tracking/tracking-options.ts'
import type { EngineState } from './engine-state.ts'
import type { ProjectSession } from './project-session.ts'
import { trackedVideo } from './frame-prompts.ts'

/** A frame that was looked at for so long is likely to be clicked on. */
const restMs = 400

/** A model that takes longer for a picture would hold up a click on another frame. */
const longestEncodingMs = 2_000

/** The frame in view, as the selected object's. */
interface RestingFrame {
  readonly video: TrackedVideo
  readonly place: FramePlace
  isStillThere(): boolean
}

/**
 * Encodes the picture in view once it rests there and nothing else is to be done, and what the selected object was tracked
 * by there, so that the first click finds all of it ready.
 */
export class WarmUp {
  readonly #state: EngineState
  #timer: NodeJS.Timeout | undefined

  constructor(state: EngineState) {
    this.#state = state
  }

  /** The view may have changed. */
  look(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#encode().catch((error: unknown) => {
        // A click on the frame will say it to the person.
        this.#state.surroundings.log('warning', 'engine', 'A picture could not be encoded ahead.', error)
      })
    }, restMs).unref()
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  async #encode(): Promise<void> {
    const { sessionOrNull: session, inference } = this.#state
    if (session === null || session.runs.isBusy) return
    const { videoId, frameIndex } = session.store.view
    const file = videoId === null ? undefined : session.store.records.get('videoFiles', videoId)
    if (videoId === null || file === undefined || frameIndex >= file.frameCount) return
    if (session.store.video(videoId)?.link !== 'linked') return
    const times = inference.measuredTimes(this.#state.wantedModel())
    if ((times['image-encoder'] ?? 0) > longestEncodingMs) return
    const isStillThere = (): boolean => {
      const { view } = session.store
      const isInView = view.videoId === videoId && view.frameIndex === frameIndex
      return isInView && this.#state.sessionOrNull === session && !session.runs.isBusy
    }
    const video = trackedVideo(file)
    if (!inference.isEncoded(file.contentId, frameIndex))
      await inference.run(PRIORITY.idle, async (ask) => {
        if (isStillThere()) await ask('encode', { video, frameIndex })
      })
    for (const objectId of session.store.view.selectedObjectIds.slice(0, 1))
      await this.#remember(session, { video, place: { videoId, objectId, frameIndex }, isStillThere })
    await inference.noteTimes()
  }

  /** One frame at a time, because a click has to wait for what is at work. */
  async #remember(session: ProjectSession, { video, place, isStillThere }: RestingFrame): Promise<void> {
    const { inference } = this.#state
    const { frameIndex } = place
    const rules = promptRulesOf(trackingOptionsOf(this.#state.surroundings.settings.settings))
    const { followZoom } = rules
    for (let done = 0, isMore = true; isMore; done++) {
      isMore = await inference.run(PRIORITY.idle, async (ask, loaded) => {
        const memory = isStillThere()
          ? storedMemory(session.store, place, { followZoom, modelSizePx: loaded.inputSizePx })
          : null
        if (memory === null) return false
        const frame = [...memory.prompted, ...memory.tracked][done] ?? null
        await ask('remember', { video, frameIndex, memory, frame, rules })
        return frame !== null
      })
    }
  }
}
