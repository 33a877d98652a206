import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fillSlot, filmSlots, slotFrames, standIns } from './film-slots.ts'
import { timeScale, visibleFrames } from './time-scale.ts'

describe('filmstrip', () => {
  test('slots cover what is seen without gaps and are anchored to frames', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (frameCount, u, v) => {
          const count = Math.max(1, v * frameCount)
          const first = u * (frameCount - count)
          const scale = timeScale({ first, end: first + count }, 1_000)
          const slots = filmSlots(scale, frameCount, 71)
          const seen = visibleFrames(scale, frameCount)
          const step = slotFrames(scale, 71)
          expect(slots[0]!.frameIndex).toBeLessThanOrEqual(seen.first)
          expect(slots.at(-1)!.frameIndex).toBeLessThanOrEqual(seen.last)
          expect(slots.at(-1)!.frameIndex + step).toBeGreaterThan(seen.last)
          for (const [i, slot] of slots.entries()) {
            expect(slot.frameIndex % step).toBe(0)
            if (i > 0) expect(slot.fromX).toBeCloseTo(slots[i - 1]!.toX, 6)
          }
          if (step > 1) expect(step * scale.pxPerFrame).toBeLessThanOrEqual(71 + 1e-6)
          expect(slots.length).toBeLessThan(60)
        },
      ),
    )
  })

  test('the next finer step uses every picture of the coarser one', () => {
    expect(slotFrames(timeScale({ first: 0, end: 300 }, 1_016), 71)).toBe(16)
    expect(slotFrames(timeScale({ first: 0, end: 150 }, 1_016), 71)).toBe(8)
    expect(slotFrames(timeScale({ first: 0, end: 20 }, 1_016), 71)).toBe(1)
  })

  test('pictures of coarser steps stand in, nearest first', () => {
    expect(standIns(24, 8).slice(0, 2)).toEqual([16, 0])
    expect(standIns(0, 8)).toEqual([])
  })

  test('a slot shows the whole height and the middle across', () => {
    const picture = { width: 160, height: 90, pixelAspectRatio: 1 }
    expect(fillSlot({ fromX: 100, toX: 140 }, 45, picture)).toEqual({
      sourceX: 40,
      sourceWidth: 80,
      x: 100,
      width: 40,
    })
    expect(fillSlot({ fromX: 100, toX: 200 }, 45, picture)).toEqual({
      sourceX: 0,
      sourceWidth: 160,
      x: 110,
      width: 80,
    })
    expect(fillSlot({ fromX: 100, toX: 200 }, 45, { ...picture, pixelAspectRatio: 0.5 }).width).toBe(40)
  })
})
