import type { RunLengthMask } from '../../contract/mask.ts'
import type { FrameMask } from '../../contract/tracking.ts'
import { applyCleanUpToRunLength, type CleanUpSettings } from '../masks/clean-up.ts'
import { readPresentMasks } from '../project/mask-reader.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { cleanUpSettings } from '../session/shown-masks.ts'
import type { ExportMask, FrameMasks } from './frame-sink.ts'

/** Masks read from the project at once. They may be large, and few reads are quick enough. */
const masksAtOnce = 256

export interface ExportMasksOptions {
  readonly store: ProjectStore
  readonly videoId: number
  readonly objectIds: readonly number[]
  /** Frames that will be asked for, ascending. */
  readonly frameIndices: readonly number[]
  /** Side of the model's picture, by which the areas of the clean-up are counted. */
  readonly inputSizePx: number
}

/**
 * The project's masks as they are shown, tidied as their object says, frame by frame in order. Only a few frames are in
 * memory at a time.
 */
export class ExportMasks {
  readonly #options: ExportMasksOptions
  readonly #cleanUp: ReadonlyMap<number, CleanUpSettings>
  readonly #window = new Map<number, ExportMask[]>()
  #position = 0

  constructor(options: ExportMasksOptions) {
    this.#options = options
    const { store, videoId, objectIds, inputSizePx } = options
    const { heightPx, widthPx } = store.records.get('videoFiles', videoId)!
    this.#cleanUp = new Map(
      objectIds.map((objectId) => {
        const { cleanup } = store.records.get('objects', objectId)!
        return [objectId, cleanUpSettings(cleanup, [heightPx, widthPx], inputSizePx)]
      }),
    )
  }

  /** The masks of a frame; frames come in the order that was announced. */
  masksOf(frameIndex: number): FrameMasks {
    if (!this.#window.has(frameIndex)) this.#read(frameIndex)
    const masks = this.#window.get(frameIndex)!
    this.#window.delete(frameIndex)
    return { frameIndex, masks }
  }

  /** Reads the frame and those after it that follow without a gap. */
  #read(frameIndex: number): void {
    const { store, videoId, objectIds, frameIndices } = this.#options
    this.#window.clear()
    while (frameIndices[this.#position]! < frameIndex) this.#position++
    const most = Math.max(1, Math.floor(masksAtOnce / Math.max(1, objectIds.length)))
    let last = frameIndex
    while (last - frameIndex + 1 < most && frameIndices[this.#position + last - frameIndex + 1] === last + 1)
      last++
    for (let index = frameIndex; index <= last; index++) this.#window.set(index, [])
    for (let first: number | null = frameIndex; first !== null;) {
      const range = { videoId, objectIds, first, last, limit: masksAtOnce }
      const answer = readPresentMasks(store, range)
      for (const mask of answer.masks) this.#window.get(mask.frameIndex)?.push(this.#exported(mask))
      first = answer.nextFrame
    }
  }

  #exported({ objectId, mask, areaPx, objectScore, predictedIou, suspicion }: FrameMask): ExportMask {
    const settings = this.#cleanUp.get(objectId)
    const shown: RunLengthMask =
      settings === undefined || areaPx === 0 ? mask : applyCleanUpToRunLength(mask, settings)
    return { objectId, mask: shown, objectScore, predictedIou, suspicion }
  }
}
