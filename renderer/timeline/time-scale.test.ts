import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  frameCentreX,
  frameIndexAt,
  frameToX,
  revealFrame,
  scrollRange,
  SIDE_PX,
  timeScale,
  visibleFrames,
  xToFrame,
  zoomRange,
} from './time-scale.ts'

const WIDTH = 1016
const whole = timeScale({ first: 0, end: 10_000 }, WIDTH)

const films = fc.integer({ min: 1, max: 200_000 })
const fractions = fc.double({ min: 0, max: 1, noNaN: true })

describe('time scale', () => {
  test('the whole film lies between the sides', () => {
    expect(frameToX(whole, 0)).toBe(SIDE_PX)
    expect(frameToX(whole, 10_000)).toBe(WIDTH - SIDE_PX)
    expect(frameIndexAt(whole, 0, 10_000)).toBe(0)
    expect(frameIndexAt(whole, WIDTH, 10_000)).toBe(9_999)
  })

  test('the middle of a frame is that frame', () => {
    fc.assert(
      fc.property(films, fractions, fractions, (frameCount, u, v) => {
        const count = Math.max(1, v * frameCount)
        const range = { first: u * (frameCount - count), end: u * (frameCount - count) + count }
        const scale = timeScale(range, WIDTH)
        const { first, last } = visibleFrames(scale, frameCount)
        for (const frame of [first, Math.floor((first + last) / 2), last]) {
          expect(frameIndexAt(scale, frameCentreX(scale, frame), frameCount)).toBe(frame)
        }
      }),
    )
  })

  test('zooming keeps what is under the pointer, within the film and down to single frames', () => {
    fc.assert(
      fc.property(
        films,
        fractions,
        fc.array(fc.double({ min: 0.2, max: 5, noNaN: true }), { maxLength: 12 }),
        (frameCount, u, factors) => {
          const x = SIDE_PX + u * (WIDTH - 2 * SIDE_PX)
          let scale = timeScale({ first: 0, end: frameCount }, WIDTH)
          for (const factor of factors) {
            const before = xToFrame(scale, x)
            scale = timeScale(zoomRange(scale, x, factor, frameCount), WIDTH)
            expect(scale.range.first).toBeGreaterThanOrEqual(0)
            expect(scale.range.end).toBeLessThanOrEqual(frameCount + 1e-6)
            expect(scale.pxPerFrame).toBeLessThanOrEqual(
              Math.max(48.01, (WIDTH - 2 * SIDE_PX) / frameCount + 1e-6),
            )
            if (factor > 1) expect(xToFrame(scale, x)).toBeCloseTo(before, 3)
          }
        },
      ),
    )
  })

  test('scrolling stops at the ends of the film', () => {
    const scale = timeScale({ first: 100, end: 200 }, WIDTH)
    expect(scrollRange(scale, 1e9, 1_000)).toEqual({ first: 900, end: 1_000 })
    expect(scrollRange(scale, -1e9, 1_000)).toEqual({ first: 0, end: 100 })
    expect(scrollRange(scale, 100, 1_000).first).toBeCloseTo(110, 9)
  })

  test('a frame is revealed by as little as can be', () => {
    const range = { first: 100, end: 200 }
    expect(revealFrame(range, 150, 1_000)).toBe(range)
    expect(revealFrame(range, 199, 1_000)).toEqual({ first: 108, end: 208 })
    expect(revealFrame(range, 101, 1_000)).toEqual({ first: 93, end: 193 })
    expect(revealFrame(range, 0, 1_000)).toEqual({ first: 0, end: 100 })
    expect(revealFrame(range, 999, 1_000)).toEqual({ first: 900, end: 1_000 })
  })
})
