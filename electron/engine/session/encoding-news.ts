import type { EngineSurroundings } from '../../contract/engine-surroundings.ts'
import type { FeatureState } from '../tracking/tracker-protocol.ts'

/** What has to be known of the open project. */
export interface WatchedVideos {
  /** Videos of a content, by id. */
  videoIds(contentId: string): number[]
  /** Whether a run is at this content, so that its pictures are encoded anyway. */
  isWalking(contentId: string): boolean
}

/** Tells the interface that the picture somebody clicked on is being encoded. A run's pictures are no news. */
export class EncodingNews {
  readonly #surroundings: EngineSurroundings
  readonly #videos: () => WatchedVideos | null
  readonly #encoding = new Set<string>()

  constructor(surroundings: EngineSurroundings, videos: () => WatchedVideos | null) {
    this.#surroundings = surroundings
    this.#videos = videos
  }

  /** Somebody waits for this picture, whatever else goes on; the model may have to be loaded for it first. */
  expect(contentId: string, frameIndex: number): void {
    this.#change(contentId, frameIndex, 'encoding')
  }

  /** Whoever waited got an error. */
  giveUp(contentId: string, frameIndex: number): void {
    this.#change(contentId, frameIndex, 'failed')
  }

  tell(contentId: string, frameIndex: number, state: FeatureState): void {
    if (state === 'dropped') return
    if (state === 'encoding' && this.#videos()?.isWalking(contentId) !== false) return
    this.#change(contentId, frameIndex, state)
  }

  #change(contentId: string, frameIndex: number, state: 'encoding' | 'encoded' | 'failed'): void {
    const key = `${contentId}:${String(frameIndex)}`
    const begins = state === 'encoding'
    if (this.#encoding.has(key) === begins) return
    if (begins) this.#encoding.add(key)
    else this.#encoding.delete(key)
    for (const videoId of this.#videos()?.videoIds(contentId) ?? [])
      this.#surroundings.emit('image.encoding', { videoId, frameIndex, state })
  }
}
