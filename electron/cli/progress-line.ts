/** Where the progress goes; a terminal gets one line that changes, a log one line now and then. */
interface Output {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const barWidth = 24
const logEveryMilliseconds = 10_000
const redrawEveryMilliseconds = 100
/** The rate is counted over this long, so that a slow start does not weigh for ever. */
const rateWindowMilliseconds = 15_000

/** How amounts are said. */
export interface ProgressUnit {
  amount(done: number, total: number): string
  rate(perSecond: number): string
}

const frames: ProgressUnit = {
  amount: (done, total) => `${done}/${total}`,
  rate: (perSecond) => `${perSecond.toFixed(1)} frames/s`,
}

/** A bar with what is done, how much a second and the time left; frames by default. */
export class ProgressLine {
  private readonly output: Output
  private readonly now: () => number
  private readonly unit: ProgressUnit
  private readonly samples: { readonly at: number; readonly done: number }[] = []
  private lastDrawn = -Infinity
  private drawn = false

  constructor(
    output: Output = process.stderr,
    now: () => number = () => performance.now(),
    unit: ProgressUnit = frames,
  ) {
    this.output = output
    this.now = now
    this.unit = unit
    this.begin(0)
  }

  /** Counts the rate from here on; what was done before took no time of this run. */
  begin(done: number): void {
    this.samples.splice(0, this.samples.length, { at: this.now(), done })
  }

  update(done: number, total: number): void {
    const at = this.now()
    this.samples.push({ at, done })
    while (this.samples.length > 2 && at - this.samples[0]!.at > rateWindowMilliseconds) this.samples.shift()
    const interval = this.output.isTTY ? redrawEveryMilliseconds : logEveryMilliseconds
    if (at - this.lastDrawn < interval && done < total) return
    this.lastDrawn = at
    this.draw(this.text(done, total))
  }

  /** Leaves the line as it stands, so that what follows has a line of its own. */
  end(): void {
    if (this.drawn && this.output.isTTY) this.output.write('\n')
    this.drawn = false
  }

  private text(done: number, total: number): string {
    const share = total === 0 ? 1 : done / total
    const filled = Math.round(share * barWidth)
    const bar = `${'='.repeat(filled)}${' '.repeat(barWidth - filled)}`
    const first = this.samples[0]!
    const last = this.samples.at(-1)!
    const perSecond = ((last.done - first.done) * 1000) / Math.max(last.at - first.at, 1)
    const amount = `[${bar}] ${this.unit.amount(done, total)}`
    if (perSecond === 0) return amount
    return `${amount}  ${this.unit.rate(perSecond)}  ${duration((total - done) / perSecond)} left`
  }

  private draw(text: string): void {
    if (this.output.isTTY) this.output.write(`\r\u001b[K${text.slice(0, (this.output.columns ?? 80) - 1)}`)
    else this.output.write(`${text}\n`)
    this.drawn = true
  }
}

/** Whole seconds as 42 s, 3 min 20 s or 2 h 5 min. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
