import { expect, test } from 'vitest'
import { emptyRunLength } from '../masks/run-length-mask.ts'
import type { SoughtMask } from '../tracking/tracker-protocol.ts'
import { carryConfidence, likeness } from './carry-confidence.ts'

const own = { predictedIou: 0.8, objectScore: 4, agreement: 0.75 }

function found(change: Partial<SoughtMask>): SoughtMask {
  const mask = emptyRunLength(1, 1)
  return { mask, predictedIou: 0.8, objectScore: 4, stability: 1, similarity: 0.98, ...change }
}

test('what is as it is in its own video is sure, and higher scores make it no surer', () => {
  expect(carryConfidence(found({}), own, 0.75)).toBe(1)
  expect(carryConfidence(found({ predictedIou: 1, objectScore: 20 }), own, 1)).toBe(1)
})

test('a thing that stands out but looks otherwise is no hit', () => {
  expect(carryConfidence(found({ predictedIou: 0.95, objectScore: 9, similarity: 0.7 }), own, 0.8)).toBe(0)
})

test('each doubt lowers it', () => {
  const doubts = [{ predictedIou: 0.4 }, { objectScore: 1 }, { similarity: 0.9 }]
  for (const doubt of doubts) expect(likeness(found(doubt), own)).toBeLessThan(0.8)
  expect(carryConfidence(found({}), own, 0.2)).toBeLessThan(0.7)
})

test('an absent object is no hit', () => {
  expect(likeness(found({ objectScore: -2 }), own)).toBe(0)
})
