import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyframeMarks, keyframeNear, laneBars, type StateSpan } from './lane-bars.ts'
import { SIDE_PX, timeScale, visibleFrames } from './time-scale.ts'

type State = 'tracked' | 'stale'

/** Ten pixels a frame, frame 0 at pixel 8. */
const near = timeScale({ first: 0, end: 100 }, 1_016)

const spanLists = fc
  .array(
    fc.record({
      gap: fc.nat(6),
      length: fc.integer({ min: 1, max: 9 }),
      state: fc.constantFrom<State>('tracked', 'stale'),
    }),
    { maxLength: 60 },
  )
  .map((parts) => {
    let frame = 0
    return parts.map(({ gap, length, state }): StateSpan<State> => {
      const first = frame + gap
      frame = first + length
      return { first, last: frame - 1, state }
    })
  })

describe('lane bars', () => {
  test('cover their frames', () => {
    const spans: StateSpan<State>[] = [
      { first: 0, last: 9, state: 'tracked' },
      { first: 10, last: 14, state: 'stale' },
      { first: 20, last: 20, state: 'tracked' },
    ]
    expect(laneBars(spans, near, 100)).toEqual([
      { fromX: 8, toX: 108, state: 'tracked' },
      { fromX: 108, toX: 158, state: 'stale' },
      { fromX: 208, toX: 218, state: 'tracked' },
    ])
  })

  test('neighbours in the same state become one bar', () => {
    const spans: StateSpan<State>[] = [
      { first: 0, last: 4, state: 'tracked' },
      { first: 5, last: 9, state: 'tracked' },
    ]
    expect(laneBars(spans, near, 100)).toEqual([{ fromX: 8, toX: 108, state: 'tracked' }])
  })

  test('hold only what is seen, in order, without overlap, and cover every frame that is wide enough', () => {
    fc.assert(
      fc.property(
        spanLists,
        fc.nat(200),
        fc.integer({ min: 4, max: 400 }),
        fc.integer({ min: 50, max: 600 }),
        (spans, first, count, widthPx) => {
          const frameCount = 1_000
          const scale = timeScale({ first, end: first + count }, widthPx)
          const bars = laneBars(spans, scale, frameCount)
          for (let i = 0; i < bars.length; i++) {
            expect(bars[i]!.toX).toBeGreaterThan(bars[i]!.fromX)
            if (i > 0) expect(bars[i]!.fromX).toBeGreaterThanOrEqual(bars[i - 1]!.toX)
          }
          expect(bars.length).toBeLessThanOrEqual(widthPx + 4)
          if (scale.pxPerFrame < 3) return
          const seen = visibleFrames(scale, frameCount)
          for (let frame = seen.first; frame <= seen.last; frame++) {
            const x = SIDE_PX + (frame + 0.5 - first) * scale.pxPerFrame
            const bar = bars.find(({ fromX, toX }) => fromX <= x && x < toX)
            expect(bar?.state).toBe(spans.find((span) => span.first <= frame && frame <= span.last)?.state)
          }
        },
      ),
    )
  })

  test('thousands of short spans cost no more than the pixels', () => {
    const spans = Array.from({ length: 5_000 }, (_, i): StateSpan<State> => ({
      first: 2 * i,
      last: 2 * i,
      state: i % 3 === 0 ? 'stale' : 'tracked',
    }))
    expect(laneBars(spans, timeScale({ first: 0, end: 10_000 }, 800), 10_000).length).toBeLessThanOrEqual(800)
  })
})

describe('keyframes', () => {
  const keyframes = [3, 4, 40, 90, 400]

  test('those that would cover one another are drawn once', () => {
    expect(keyframeMarks(keyframes, near, 1_000, 8).map(({ frameIndex }) => frameIndex)).toEqual([
      3, 4, 40, 90,
    ])
    expect(keyframeMarks(keyframes, near, 1_000, 12).map(({ frameIndex }) => frameIndex)).toEqual([3, 40, 90])
  })

  test('the nearest within reach is found', () => {
    expect(keyframeNear(keyframes, near, 8 + 35 + 1, 7)).toBe(3)
    expect(keyframeNear(keyframes, near, 8 + 45 - 1, 7)).toBe(4)
    expect(keyframeNear(keyframes, near, 8 + 405 + 6, 7)).toBe(40)
    expect(keyframeNear(keyframes, near, 8 + 405 + 9, 7)).toBeNull()
    expect(keyframeNear([], near, 100, 7)).toBeNull()
  })
})
