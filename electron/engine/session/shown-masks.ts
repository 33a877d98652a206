import type { RunLengthMask } from '../../contract/mask.ts'
import type { Cleanup } from '../../contract/project.ts'
import type { FrameMask } from '../../contract/tracking.ts'
import { applyCleanUpToRunLength, leavesMasksAlone, type CleanUpSettings } from '../masks/clean-up.ts'
import { runLengthArea } from '../masks/run-length-measures.ts'
import type { ProjectStore } from '../project/project-store.ts'

/** Characters of run lengths that are kept cleaned. */
const KEPT_CHARACTERS = 64 * 1_048_576

/** Clean-up with its areas in source pixels: they are given in cells of the model's mask. */
export function cleanUpSettings(
  { fillHolesArea, dropSpecksArea, growPx, smoothEdgePx }: Cleanup,
  [heightPx, widthPx]: readonly [number, number],
  inputSizePx: number,
): CleanUpSettings {
  const pixelsPerCell = (widthPx * heightPx) / (inputSizePx / 4) ** 2
  return {
    fillHolesPx: Math.round(fillHolesArea * pixelsPerCell),
    dropSpecksPx: Math.round(dropSpecksArea * pixelsPerCell),
    growPx,
    smoothPx: smoothEdgePx,
  }
}

/** Masks as they are shown and exported: tidied as their object says. The stored ones stay as they are. */
export class ShownMasks {
  readonly #store: ProjectStore
  readonly #inputSizePx: () => number
  readonly #kept = new Map<string, RunLengthMask>()
  #characters = 0

  constructor(store: ProjectStore, inputSizePx: () => number) {
    this.#store = store
    this.#inputSizePx = inputSizePx
  }

  /** A mask of an object, tidied; itself where there is nothing to do. */
  shown(mask: FrameMask): FrameMask {
    const object = this.#store.records.get('objects', mask.objectId)
    if (object === undefined || mask.areaPx === 0) return mask
    const settings = cleanUpSettings(object.cleanup, mask.mask.size, this.#inputSizePx())
    if (leavesMasksAlone(settings)) return mask
    const key = `${JSON.stringify(settings)}${mask.mask.size.join('x')}${mask.mask.counts}`
    const known = this.#kept.get(key)
    const cleaned = known ?? applyCleanUpToRunLength(mask.mask, settings)
    this.#keep(key, cleaned)
    return { ...mask, mask: cleaned, areaPx: runLengthArea(cleaned) }
  }

  #keep(key: string, cleaned: RunLengthMask): void {
    if (this.#kept.delete(key)) this.#characters -= key.length
    this.#kept.set(key, cleaned)
    this.#characters += key.length
    for (const oldest of this.#kept.keys()) {
      if (this.#characters <= KEPT_CHARACTERS) return
      this.#kept.delete(oldest)
      this.#characters -= oldest.length
    }
  }
}
