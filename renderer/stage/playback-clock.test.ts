import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PlaybackClock } from './playback-clock.ts'

/** Variable rate: frames at 0, 0.1, 0.2, 0.6, 0.7 seconds, shifted by 5. */
const times = Float64Array.from([5, 5.1, 5.2, 5.6, 5.7])
const all = { first: 0, last: 4, loop: false }

describe('playback clock', () => {
  test('shows each frame from its presentation time to the next', () => {
    const clock = new PlaybackClock(times, all, 1, 0, 100)
    const at = (seconds: number) => clock.read(100 + seconds).position
    expect([0, 0.05, 0.1, 0.19, 0.2, 0.59, 0.6, 0.7].map(at)).toEqual([0, 0, 1, 1, 2, 2, 3, 4])
  })

  test('ends when the last frame was seen as long as the one before it', () => {
    const clock = new PlaybackClock(times, all, 1, 0, 0)
    expect(clock.read(0.75)).toEqual({ position: 4, ended: false })
    expect(clock.read(0.81)).toEqual({ position: 4, ended: true })
    expect(clock.read(60)).toEqual({ position: 4, ended: true })
  })

  test('starts at a frame and knows slow and fast', () => {
    expect(new PlaybackClock(times, all, 0.5, 2, 0).read(0.7).position).toBe(2)
    expect(new PlaybackClock(times, all, 2, 2, 0).read(0.21).position).toBe(3)
  })

  test('a change of speed keeps the place', () => {
    const clock = new PlaybackClock(times, all, 1, 0, 0)
    clock.setRate(0.1, 0.15)
    expect(clock.read(0.15).position).toBe(1)
    expect(clock.read(0.6).position).toBe(1)
    expect(clock.read(0.7).position).toBe(2)
  })

  test('loops between two frames and counts the rounds', () => {
    const clock = new PlaybackClock(times, { first: 1, last: 3, loop: true }, 1, 1, 0)
    // A round: 0.1 on frame 1, 0.4 on frame 2, 0.4 on frame 3.
    expect(clock.read(0.55)).toEqual({ position: 2, ended: false })
    expect(clock.read(0.95)).toEqual({ position: 3, ended: false })
    expect(clock.frameOf(3)).toBe(1)
    expect(clock.read(0.9 * 7 + 0.2).position).toBe(22)
    expect(clock.frameOf(22)).toBe(2)
  })

  test('goes on where it waited', () => {
    const clock = new PlaybackClock(times, { first: 1, last: 3, loop: true }, 1, 1, 0)
    clock.resumeAt(22, 1000)
    expect(clock.read(1000).position).toBe(22)
    expect(clock.read(1000.41).position).toBe(23)
  })

  test('a lone frame is shown for a while', () => {
    const clock = new PlaybackClock(Float64Array.from([0]), { first: 0, last: 0, loop: false }, 1, 0, 0)
    expect(clock.read(0.5)).toEqual({ position: 0, ended: false })
    expect(clock.read(1.5).ended).toBe(true)
  })

  test('never shows a frame before its time or after the next one’s', () => {
    const gaps = fc.array(fc.double({ min: 0.001, max: 0.5, noNaN: true }), { minLength: 2, maxLength: 40 })
    fc.assert(
      fc.property(
        gaps,
        fc.double({ min: 0.1, max: 8, noNaN: true }),
        fc.nat(),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (steps, rate, start, elapsed) => {
          const table = new Float64Array(steps.length)
          for (let i = 1; i < table.length; i++) table[i] = table[i - 1]! + steps[i]!
          const startFrame = start % table.length
          const clock = new PlaybackClock(
            table,
            { first: 0, last: table.length - 1, loop: false },
            rate,
            startFrame,
            7,
          )
          const { position } = clock.read(7 + elapsed)
          const time = table[startFrame]! + elapsed * rate
          expect(table[position]!).toBeLessThanOrEqual(time + 1e-6)
          if (position < table.length - 1) expect(table[position + 1]!).toBeGreaterThan(time - 1e-6)
        },
      ),
    )
  })

  test('knows how many pictures a second a stretch asks for', () => {
    const table = Float64Array.from({ length: 100 }, (_, i) => i / 25)
    expect(
      new PlaybackClock(table, { first: 0, last: 99, loop: false }, 2, 0, 0).framesPerSecond(50),
    ).toBeCloseTo(50, 6)
  })
})
