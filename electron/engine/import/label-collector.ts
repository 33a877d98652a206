import { LIMITS } from '../../contract/limits.ts'
import type { RunLengthMask } from '../../contract/mask.ts'
import type { MaskScores } from '../../contract/tracking.ts'
import { isRunLengthEmpty } from '../masks/run-length-measures.ts'
import { unionRunLength } from '../masks/run-length-sets.ts'
import { cleanName } from '../project/clean-name.ts'
import { ImportTooLarge } from './import-errors.ts'
import type {
  ImportedFrame,
  ImportedLabels,
  ImportedMask,
  ImportedObject,
  SkippedItem,
} from './imported-labels.ts'

/** Characters of run lengths that one import may bring. */
const mostCharacters = 512 * 1_048_576
const mostMasks = 2_000_000
const mostSkippedShown = 1_000
/** Leaves room for the number that tells names apart. */
const mostNameCharacters = LIMITS.nameLength - 8

/** Gathers what a reader finds: objects and frames by their keys, parts of one object on one frame joined. */
export class LabelCollector {
  readonly #frames: ImportedFrame[] = []
  readonly #frameOfKey = new Map<string | number, number>()
  readonly #objects: ImportedObject[] = []
  readonly #objectOfKey = new Map<string, number>()
  readonly #names = new Set<string>()
  readonly #masks: ImportedMask[] = []
  readonly #maskOfPlace = new Map<string, number>()
  readonly #skipped: SkippedItem[] = []
  #skippedCount = 0
  #characters = 0
  #hasIdentities = true

  /** The place of a frame; made when its key is new. @throws ImportTooLarge */
  frame(key: string | number, describe: () => ImportedFrame): number {
    let index = this.#frameOfKey.get(key)
    if (index === undefined) {
      index = this.#frames.length
      if (index > LIMITS.frameIndex) throw new ImportTooLarge(`it has more than ${LIMITS.frameIndex} frames`)
      this.#frames.push(describe())
      this.#frameOfKey.set(key, index)
    }
    return index
  }

  /** The place of an object; made when its key is new, with a name of its own. @throws ImportTooLarge */
  object(
    key: string,
    describe: () => { name: string; className?: string | null; colour?: string | null },
  ): number {
    let index = this.#objectOfKey.get(key)
    if (index === undefined) {
      index = this.#objects.length
      if (index >= LIMITS.objects) throw new ImportTooLarge(`it has more than ${LIMITS.objects} objects`)
      const { name, className = null, colour = null } = describe()
      this.#objects.push({
        name: this.#freeName(cleanName(name, `Object ${index + 1}`, mostNameCharacters)),
        className: className === null ? null : cleanName(className, 'unnamed'),
        colour: colour !== null && /^#[0-9a-f]{6}$/i.test(colour) ? colour.toLowerCase() : null,
      })
      this.#objectOfKey.set(key, index)
    }
    return index
  }

  /** Adds a mask, or a part of one; empty ones say nothing. @throws ImportTooLarge */
  add(frame: number, object: number, mask: RunLengthMask, scores: MaskScores | null = null): void {
    if (isRunLengthEmpty(mask)) return
    const place = `${frame}:${object}`
    const known = this.#maskOfPlace.get(place)
    if (known === undefined) {
      this.#maskOfPlace.set(place, this.#masks.length)
      this.#masks.push({ frame, object, mask, scores })
    } else {
      const joined = unionRunLength(this.#masks[known]!.mask, mask)
      this.#masks[known] = { frame, object, mask: joined, scores: null }
    }
    this.#characters += mask.counts.length
    if (this.#masks.length > mostMasks) throw new ImportTooLarge(`it has more than ${mostMasks} masks`)
    if (this.#characters > mostCharacters)
      throw new ImportTooLarge('its masks need more memory than an import may take')
  }

  /** Notes something that is not imported, and why. */
  skip(what: string, why: string): void {
    this.#skippedCount++
    if (this.#skipped.length < mostSkippedShown)
      this.#skipped.push({ what: what.slice(0, LIMITS.textLength), why: why.slice(0, LIMITS.textLength) })
  }

  /** To be called where the data does not tell one object from another of its kind. */
  lacksIdentities(): void {
    this.#hasIdentities = false
  }

  labels(mediaPath: string | null): ImportedLabels {
    return {
      frames: this.#frames,
      objects: this.#objects,
      masks: this.#masks,
      hasIdentities: this.#hasIdentities,
      mediaPath,
      skipped: this.#skipped,
      skippedCount: this.#skippedCount,
    }
  }

  #freeName(name: string): string {
    let free = name
    for (let count = 2; this.#names.has(free); count++) free = `${name} ${count}`
    this.#names.add(free)
    return free
  }
}
