import type { FrameMask } from '../../electron/contract/tracking.ts'

interface FrameEntry {
  readonly masks: Map<number, FrameMask>
  /** Objects whose mask here is known, also those that have none. */
  known: Set<number> | 'all'
  bytes: number
}

/** What a mask costs beside its string, roughly. */
const BYTES_PER_MASK = 400

function costOf(mask: FrameMask): number {
  // Strings of one-byte characters take a byte each.
  return mask.mask.counts.length + BYTES_PER_MASK
}

/**
 * Present masks of one video by frame, bounded in memory: the frames that were looked at longest ago go first.
 */
export class MaskCache {
  readonly #limitBytes: number
  /** In order of their last use. */
  readonly #frames = new Map<number, FrameEntry>()
  #bytes = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  get frameCount(): number {
    return this.#frames.size
  }

  /** The mask of an object on a frame: null if it has none, undefined if that is not known here. */
  get(frameIndex: number, objectId: number): FrameMask | null | undefined {
    const entry = this.#frames.get(frameIndex)
    if (entry === undefined) return undefined
    const mask = entry.masks.get(objectId)
    if (mask !== undefined) return mask
    return entry.known === 'all' || entry.known.has(objectId) ? null : undefined
  }

  /** All masks known of a frame, and marks it as used. */
  masksOf(frameIndex: number): FrameMask[] {
    const entry = this.#frames.get(frameIndex)
    if (entry === undefined) return []
    this.#frames.delete(frameIndex)
    this.#frames.set(frameIndex, entry)
    return [...entry.masks.values()]
  }

  /** Whether everything about a frame is known. */
  isComplete(frameIndex: number): boolean {
    return this.#frames.get(frameIndex)?.known === 'all'
  }

  put(mask: FrameMask): void {
    const entry = this.#entry(mask.frameIndex)
    const before = entry.masks.get(mask.objectId)
    if (before !== undefined) this.#grow(entry, -costOf(before))
    entry.masks.set(mask.objectId, mask)
    if (entry.known !== 'all') entry.known.add(mask.objectId)
    this.#grow(entry, costOf(mask))
    this.#shrink(mask.frameIndex)
  }

  /** Says that what is here of a frame is all there is. */
  complete(frameIndex: number): void {
    this.#entry(frameIndex).known = 'all'
    this.#shrink(frameIndex)
  }

  /**
   * Forgets an object's masks over a span, both ends included, but for those that `isCurrent` spares. Answers whether
   * anything was forgotten.
   */
  forget(objectId: number, first: number, last: number, isCurrent: (mask: FrameMask) => boolean): boolean {
    const frames = first === last ? [first] : [...this.#frames.keys()]
    let forgot = false
    for (const frameIndex of frames) {
      const entry = this.#frames.get(frameIndex)
      if (entry === undefined || frameIndex < first || frameIndex > last) continue
      const mask = entry.masks.get(objectId)
      if (mask !== undefined && isCurrent(mask)) continue
      forgot = true
      if (mask !== undefined) {
        entry.masks.delete(objectId)
        this.#grow(entry, -costOf(mask))
      }
      if (entry.known === 'all') entry.known = new Set(entry.masks.keys())
      else entry.known.delete(objectId)
    }
    return forgot
  }

  #entry(frameIndex: number): FrameEntry {
    const found = this.#frames.get(frameIndex)
    if (found !== undefined) return found
    const entry: FrameEntry = { masks: new Map(), known: new Set(), bytes: 0 }
    this.#frames.set(frameIndex, entry)
    this.#grow(entry, BYTES_PER_MASK)
    return entry
  }

  #grow(entry: FrameEntry, bytes: number): void {
    entry.bytes += bytes
    this.#bytes += bytes
  }

  #shrink(keepFrame: number): void {
    for (const [frameIndex, entry] of this.#frames) {
      if (this.#bytes <= this.#limitBytes) return
      if (frameIndex === keepFrame) continue
      this.#frames.delete(frameIndex)
      this.#bytes -= entry.bytes
    }
  }
}
