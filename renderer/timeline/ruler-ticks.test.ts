import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { numberStep, rulerTicks, tickStep } from './ruler-ticks.ts'
import { timeScale } from './time-scale.ts'

describe('ruler', () => {
  test('numbers are round and far enough apart to be read', () => {
    expect([48, 10, 4, 1, 0.1].map(numberStep)).toEqual([2, 10, 20, 100, 1_000])
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 48, noNaN: true }), (pxPerFrame) => {
        const step = numberStep(pxPerFrame)
        expect(step * pxPerFrame).toBeGreaterThanOrEqual(72)
        expect(step * pxPerFrame).toBeLessThanOrEqual(72 * 2.5 + 48)
        expect(step % tickStep(pxPerFrame)).toBe(0)
      }),
    )
  })

  test('every frame has a line when zoomed in', () => {
    const ticks = rulerTicks(timeScale({ first: 10, end: 30 }, 976), 300)
    const frames = ticks.map(({ frameIndex }) => frameIndex)
    for (let frame = 10; frame < 30; frame++) expect(frames).toContain(frame)
    expect(ticks.filter(({ isNumbered }) => isNumbered).every(({ frameIndex }) => frameIndex % 2 === 0)).toBe(
      true,
    )
  })

  test('never has more lines than pixels allow, however long the film', () => {
    expect(rulerTicks(timeScale({ first: 0, end: 16_000_000 }, 1_200), 16_000_000).length).toBeLessThan(140)
  })

  test('goes no further than the film', () => {
    const ticks = rulerTicks(timeScale({ first: 0, end: 3 }, 1_000), 3)
    expect(ticks.map(({ frameIndex }) => frameIndex)).toEqual([0, 1, 2])
  })
})
