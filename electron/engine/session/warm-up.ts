import { PRIORITY } from '../tracking/work-queue.ts'
import type { EngineState } from './engine-state.ts'
import { trackedVideo } from './frame-prompts.ts'

/** A frame that was looked at for so long is likely to be clicked on. */
const restMs = 400

/** A model that takes longer for a picture would hold up a click on another frame. */
const longestEncodingMs = 2_000

/** Encodes the picture in view once it rests there and nothing else is to be done, so that the first click finds it ready. */
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
    if (session.store.video(videoId)?.link !== 'linked' || inference.isEncoded(file.contentId, frameIndex))
      return
    const times = inference.measuredTimes(this.#state.wantedModel())
    if ((times['image-encoder'] ?? 0) > longestEncodingMs) return
    await inference.run(PRIORITY.idle, async (ask) => {
      const { view } = session.store
      const isStillThere = view.videoId === videoId && view.frameIndex === frameIndex
      if (isStillThere && this.#state.sessionOrNull === session)
        await ask('encode', { video: trackedVideo(file), frameIndex })
    })
    await inference.noteTimes()
  }
}
