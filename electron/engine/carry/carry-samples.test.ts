import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sampleFrames } from './carry-samples.ts'

test('a video is looked at about once a second', () => {
  expect(sampleFrames(100, 4, [])).toEqual([{ first: 0, last: 99, frames: [12, 37, 62, 87] }])
})

test('every shot is looked at, however short, and no frame twice or outside it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000 }),
      fc.double({ min: 0, max: 10_000, noNaN: true }),
      fc.uniqueArray(fc.integer({ min: 0, max: 5_000 }), { maxLength: 20 }),
      (frameCount, durationSeconds, starts) => {
        const shots = sampleFrames(frameCount, durationSeconds, starts)
        expect(shots[0]!.first).toBe(0)
        expect(shots.at(-1)!.last).toBe(frameCount - 1)
        for (const [index, { first, last, frames }] of shots.entries()) {
          if (index > 0) expect(first).toBe(shots[index - 1]!.last + 1)
          expect(frames.length).toBeGreaterThan(0)
          expect(new Set(frames).size).toBe(frames.length)
          for (const frame of frames) {
            expect(frame).toBeGreaterThanOrEqual(first)
            expect(frame).toBeLessThanOrEqual(last)
          }
        }
      },
    ),
  )
})
