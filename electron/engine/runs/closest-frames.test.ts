import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closestFrames } from './closest-frames.ts'

test('takes the nearest on either side, then by distance, never more than the limit', () => {
  expect(closestFrames([0, 10, 20, 30], 19, 2).sort((a, b) => a - b)).toEqual([10, 20])
  expect(closestFrames([0, 1, 2, 90], 50, 3).sort((a, b) => a - b)).toEqual([1, 2, 90])
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(500), { maxLength: 40 }),
      fc.nat(500),
      fc.integer({ min: 2, max: 9 }),
      (frames, at, limit) => {
        const chosen = closestFrames(frames, at, limit)
        expect(chosen).toHaveLength(Math.min(frames.length, limit))
        expect(new Set(chosen).size).toBe(chosen.length)
        for (const frame of chosen) expect(frames).toContain(frame)
        const before = frames.filter((frame) => frame < at)
        if (before.length > 0) expect(chosen).toContain(Math.max(...before))
      },
    ),
  )
})
