import { describe, expect, it } from 'vitest'
import { outputClock } from './output-clock.ts'

function source(ticks: number[], numerator: number, denominator: number, lastFrameTicks: number) {
  return {
    frameCount: ticks.length,
    presentationTicks: ticks,
    presentationTimes: Float64Array.from(ticks, (tick) => (tick * numerator) / denominator),
    timeBase: { numerator, denominator },
    lastFrameTicks,
  }
}

const everyFrame = (first: number, last: number) => ({ range: { first, last }, step: 1 })

describe('outputClock', () => {
  const uneven = source([1145, 1500, 1529, 2000], 1, 11_456, 384)

  it("keeps the source's own clock and times", () => {
    const clock = outputClock(uneven, everyFrame(0, 3))
    expect(clock.timescale).toBe(11_456)
    expect([0, 1, 2, 3].map(clock.ticksAt)).toEqual([1145, 1500, 1529, 2000])
    expect([0, 1, 2, 3].map(clock.durationTicks)).toEqual([355, 29, 471, 384])
    expect(clock.offsetSeconds).toBe(0)
  })

  it('begins at 0 for a range, and says by how much times moved', () => {
    const clock = outputClock(uneven, everyFrame(1, 2))
    expect([1, 2].map(clock.ticksAt)).toEqual([0, 29])
    expect(clock.offsetSeconds).toBe(1500 / 11_456)
  })

  it('shows a frame until the next selected one', () => {
    const clock = outputClock(uneven, { range: { first: 0, last: 3 }, step: 2 })
    expect([0, 2].map(clock.durationTicks)).toEqual([384, 855])
  })

  it('moves times that begin before 0 or far behind it', () => {
    expect(outputClock(source([-5, 95], 1, 1000, 100), everyFrame(0, 1)).ticksAt(0)).toBe(0)
    const broadcast = outputClock(source([9_000_000, 9_003_600], 1, 90_000, 3600), everyFrame(0, 1))
    expect([broadcast.ticksAt(1), broadcast.offsetSeconds]).toEqual([3600, 100])
  })

  it('multiplies out a clock of several parts of a second', () => {
    const clock = outputClock(source([0, 1, 2], 1001, 30_000, 1), everyFrame(0, 2))
    expect([clock.timescale, clock.ticksAt(2), clock.durationTicks(2)]).toEqual([30_000, 2002, 1001])
  })

  it('rounds a clock finer than a microsecond', () => {
    const clock = outputClock(
      source([0, 33_333_333, 66_666_667], 1, 1_000_000_000, 33_333_333),
      everyFrame(0, 2),
    )
    expect([clock.timescale, clock.ticksAt(1), clock.ticksAt(2)]).toEqual([1_000_000, 33_333, 66_667])
  })
})
