import type { EngineSurroundings } from '../../contract/engine-surroundings.ts'
import type { FeatureState } from '../tracking/tracker-protocol.ts'
import type { ProjectSession } from './project-session.ts'

/** Tells the interface that the picture somebody clicked on is being encoded. A run's pictures are no news. */
export class EncodingNews {
  readonly #surroundings: EngineSurroundings
  readonly #session: () => ProjectSession | null
  readonly #encoding = new Set<string>()

  constructor(surroundings: EngineSurroundings, session: () => ProjectSession | null) {
    this.#surroundings = surroundings
    this.#session = session
  }

  tell(contentId: string, frameIndex: number, state: FeatureState): void {
    const key = `${contentId}:${String(frameIndex)}`
    if (state === 'dropped') return
    const session = this.#session()
    if (session === null || session.isWalking(contentId)) {
      if (!this.#encoding.has(key)) return
    }
    if (state === 'encoding') this.#encoding.add(key)
    else this.#encoding.delete(key)
    for (const file of session?.store.records.all('videoFiles') ?? []) {
      if (file.contentId !== contentId) continue
      this.#surroundings.emit('image.encoding', { videoId: file.id, frameIndex, state })
    }
  }
}
