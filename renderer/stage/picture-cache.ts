/** A decoded picture that can be let go. */
export interface Picture {
  readonly width: number
  readonly height: number
  close(): void
}

export interface PictureCacheOptions<Kind extends Picture> {
  /** Loads and decodes the picture at an address. */
  readonly load: (address: string, signal: AbortSignal) => Promise<Kind>
  /** Most bytes of decoded pictures to keep, at 4 bytes a pixel. */
  readonly maxBytes: number
  /** Loads at the same time. */
  readonly concurrency: number
  /** Called when a picture has come or has failed to. */
  readonly onSettled: (address: string) => void
  /** Steady clock in milliseconds. */
  readonly now: () => number
}

const RETRY_AFTER_MS = 1_500
/** Weight of the newest load in the measured rate. */
const NEWEST_WEIGHT = 0.15

/**
 * Decoded pictures by address: loads what is wanted, most urgent first, and keeps the most recently used ones up to a
 * number of bytes. What is wanted now is never dropped for what was wanted before.
 */
export class PictureCache<Kind extends Picture> {
  private readonly options: PictureCacheOptions<Kind>
  /** In the order of last use. */
  private readonly pictures = new Map<string, Kind>()
  private readonly underway = new Map<string, AbortController>()
  private readonly failedAt = new Map<string, number>()
  private wanted: readonly string[] = []
  private pinned: string | null = null
  private bytes = 0
  private rate: number | null = null
  private isOpen = true
  private atOnce = 1

  constructor(options: PictureCacheOptions<Kind>) {
    this.options = options
  }

  has(address: string): boolean {
    return this.pictures.has(address)
  }

  /** The picture that is on the screen: it is kept whatever else goes. */
  pin(address: string | null): void {
    this.pinned = address
  }

  /** The picture if it is here; counts as a use. It is closed when it is dropped, so callers must not keep it. */
  get(address: string): Kind | null {
    const picture = this.pictures.get(address)
    if (picture === undefined) return null
    this.pictures.delete(address)
    this.pictures.set(address, picture)
    return picture
  }

  /** Whether the last try to load it failed. */
  failed(address: string): boolean {
    return this.failedAt.has(address)
  }

  /**
   * Replaces what is wanted, most urgent first.
   * @param abandon whether loads under way that are not wanted any more are broken off; playing lets them come, since
   * a late picture is better than none
   * @param atOnce loads at the same time, if fewer than usual
   */
  want(addresses: readonly string[], abandon: boolean, atOnce = Infinity): void {
    this.wanted = addresses
    this.atOnce = Math.min(atOnce, this.options.concurrency)
    if (abandon) {
      const keep = new Set(addresses)
      for (const [address, controller] of this.underway) {
        if (keep.has(address)) continue
        this.underway.delete(address)
        controller.abort()
      }
    }
    this.loadMore()
  }

  /** Pictures a second that could come, judged by the last loads; null before the first one. */
  deliveredPerSecond(): number | null {
    return this.rate
  }

  /** Drops everything and loads nothing any more. */
  close(): void {
    this.isOpen = false
    this.want([], true)
    for (const picture of this.pictures.values()) picture.close()
    this.pictures.clear()
    this.bytes = 0
  }

  private loadMore(): void {
    if (!this.isOpen) return
    for (const address of this.wanted) {
      if (this.underway.size >= this.atOnce) return
      if (this.pictures.has(address) || this.underway.has(address)) continue
      const failure = this.failedAt.get(address)
      if (failure !== undefined && this.options.now() - failure < RETRY_AFTER_MS) continue
      this.load(address)
    }
  }

  private load(address: string): void {
    const controller = new AbortController()
    this.underway.set(address, controller)
    const startedAt = this.options.now()
    const inFlight = this.underway.size
    this.options.load(address, controller.signal).then(
      (picture) => {
        if (controller.signal.aborted || !this.isOpen) {
          picture.close()
          return
        }
        this.underway.delete(address)
        this.failedAt.delete(address)
        this.measure(this.options.now() - startedAt, inFlight)
        this.keep(address, picture)
        this.options.onSettled(address)
        this.loadMore()
      },
      () => {
        if (controller.signal.aborted || !this.isOpen) return
        this.underway.delete(address)
        this.failedAt.set(address, this.options.now())
        this.options.onSettled(address)
        this.loadMore()
      },
    )
  }

  private measure(tookMs: number, inFlight: number): void {
    const rate = (inFlight * 1000) / Math.max(1, tookMs)
    this.rate = this.rate === null ? rate : this.rate + (rate - this.rate) * NEWEST_WEIGHT
  }

  private keep(address: string, picture: Kind): void {
    this.pictures.set(address, picture)
    this.bytes += bytesOf(picture)
    if (this.bytes <= this.options.maxBytes) return
    const wanted = new Set(this.wanted)
    this.drop((other) => other !== address && !wanted.has(other))
    // Even what is wanted goes when it alone is too much, the least urgent first.
    if (this.bytes > this.options.maxBytes) {
      const byUrgency = [...this.wanted].reverse()
      for (const other of byUrgency) {
        if (this.bytes <= this.options.maxBytes) return
        if (other !== address) this.remove(other)
      }
    }
  }

  private drop(may: (address: string) => boolean): void {
    for (const address of [...this.pictures.keys()]) {
      if (this.bytes <= this.options.maxBytes) return
      if (may(address)) this.remove(address)
    }
  }

  private remove(address: string): void {
    const picture = this.pictures.get(address)
    if (picture === undefined || address === this.pinned) return
    this.pictures.delete(address)
    this.bytes -= bytesOf(picture)
    picture.close()
  }
}

function bytesOf(picture: Picture): number {
  return picture.width * picture.height * 4
}
