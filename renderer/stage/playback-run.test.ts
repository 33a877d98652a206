import { describe, expect, test } from 'vitest'
import { PlaybackClock, type PlaybackSpan } from './playback-clock.ts'
import { PlaybackRun, type PictureSupply } from './playback-run.ts'

const FRAME_SECONDS = 1 / 25
const table = Float64Array.from({ length: 250 }, (_, i) => i * FRAME_SECONDS)

/** Delivers wanted frames in order, each so long after the one before. */
class SlowSupply implements PictureSupply {
  readonly ready = new Set<number>()
  readonly everWanted = new Set<number>()
  readonly broken = new Set<number>()
  secondsEach: number
  private wanted: readonly number[] = []
  private freeAt = 0
  private underway: number | null = null

  constructor(secondsEach: number) {
    this.secondsEach = secondsEach
  }

  has(frame: number): boolean {
    return this.ready.has(frame)
  }

  lost(frame: number): boolean {
    return this.broken.has(frame) && this.everWanted.has(frame)
  }

  want(frames: readonly number[]): void {
    this.wanted = frames
    frames.forEach((frame) => this.everWanted.add(frame))
  }

  deliveredPerSecond(): number {
    return 1 / this.secondsEach
  }

  advance(moment: number): void {
    while (this.freeAt <= moment) {
      if (this.underway !== null) this.ready.add(this.underway)
      this.underway = this.wanted.find((frame) => !this.ready.has(frame) && !this.broken.has(frame)) ?? null
      this.freeAt = (this.underway === null ? moment + 0.001 : this.freeAt) + this.secondsEach
    }
  }
}

function play(supply: SlowSupply, span: PlaybackSpan, rate: number, seconds: number, start = span.first) {
  const clock = new PlaybackClock(table, span, rate, start, 0)
  const run = new PlaybackRun(clock, supply, 0)
  const shown: { frame: number; at: number }[] = []
  let dropped = 0
  let endedAt: number | null = null
  for (let moment = 0; moment < seconds && endedAt === null; moment += 1 / 60) {
    supply.advance(moment)
    const tick = run.tick(moment)
    if (tick.show !== null) {
      expect(supply.has(tick.show)).toBe(true)
      shown.push({ frame: tick.show, at: moment })
    }
    dropped += tick.dropped
    if (tick.ended) endedAt = moment
  }
  return { shown, dropped, endedAt }
}

describe('playing', () => {
  test('shows every frame in order and at source speed when pictures come in time', () => {
    const { shown, dropped } = play(new SlowSupply(0.005), { first: 0, last: 249, loop: false }, 1, 4)
    expect(shown.map(({ frame }) => frame)).toEqual(shown.map((_, i) => i + 1))
    expect(dropped).toBe(0)
    const [first, last] = [shown[0]!, shown[shown.length - 1]!]
    expect((last.at - first.at) / (last.frame - first.frame)).toBeCloseTo(FRAME_SECONDS, 3)
  })

  test('leaves pictures out when they come too slowly, and keeps source speed', () => {
    const { shown, dropped } = play(new SlowSupply(0.1), { first: 0, last: 249, loop: false }, 1, 8)
    const [first, last] = [shown[2]!, shown[shown.length - 1]!]
    expect(dropped).toBeGreaterThan(50)
    expect(last.frame - first.frame).toBeGreaterThan(0.8 * ((last.at - first.at) / FRAME_SECONDS))
    for (let i = 1; i < shown.length; i++) expect(shown[i]!.frame).toBeGreaterThan(shown[i - 1]!.frame)
  })

  test('waits when nothing comes and goes on from the same frame', () => {
    const supply = new SlowSupply(0.005)
    const clock = new PlaybackClock(table, { first: 0, last: 249, loop: false }, 1, 0, 0)
    const run = new PlaybackRun(clock, supply, 0)
    const shown: number[] = []
    for (let moment = 0; moment < 12; moment += 1 / 60) {
      if (moment < 2 || moment > 7) supply.advance(moment)
      const { show } = run.tick(moment)
      if (show !== null) shown.push(show)
    }
    // Five seconds without pictures are 125 frames; none of them is jumped over.
    const widest = Math.max(...shown.slice(1).map((frame, i) => frame - shown[i]!))
    expect(widest).toBeLessThan(30)
  })

  test('asks for every n-th picture only when the film is much faster than the screen', () => {
    const supply = new SlowSupply(0.001)
    play(supply, { first: 0, last: 249, loop: false }, 8, 0.4)
    const wanted = [...supply.everWanted].filter((frame) => frame < 249)
    expect(wanted.length).toBeGreaterThan(10)
    expect(wanted.every((frame) => frame % 4 === 0)).toBe(true)
  })

  test('ends on the last frame', () => {
    const { shown, endedAt } = play(new SlowSupply(0.005), { first: 0, last: 249, loop: false }, 1, 5, 230)
    expect(shown.at(-1)?.frame).toBe(249)
    expect(endedAt).toBeGreaterThan(0.7)
    expect(endedAt).toBeLessThan(1.1)
  })

  test.each([
    ['in the middle', 100, 199, 249],
    ['to the end', 230, 249, 229],
  ])('passes over frames that cannot be decoded, %s', (_, first, last, lastShown) => {
    const supply = new SlowSupply(0.005)
    for (let frame = first; frame <= last; frame++) supply.broken.add(frame)
    const { shown, dropped, endedAt } = play(supply, { first: 0, last: 249, loop: false }, 1, 40)
    expect(endedAt).not.toBeNull()
    expect(shown.at(-1)?.frame).toBe(lastShown)
    expect(dropped).toBeGreaterThanOrEqual(last - first + 1)
  })

  test('loops and asks for no more pictures than the loop has', () => {
    const supply = new SlowSupply(0.005)
    const { shown, endedAt } = play(supply, { first: 40, last: 49, loop: true }, 1, 3)
    expect(endedAt).toBeNull()
    expect([...supply.everWanted].sort((a, b) => a - b)).toEqual([40, 41, 42, 43, 44, 45, 46, 47, 48, 49])
    const frames = shown.map(({ frame }) => frame)
    expect(frames.filter((frame) => frame === 40).length).toBeGreaterThanOrEqual(6)
    for (let i = 1; i < frames.length; i++) expect((frames[i]! - frames[i - 1]! + 10) % 10).toBe(1)
  })
})
