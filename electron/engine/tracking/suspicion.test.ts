import { expect, test } from 'vitest'
import { encodeRunLength } from '../masks/run-length-mask.ts'
import { measureMask, scoresOf } from './suspicion.ts'
import type { ScoredMask } from './tracker-protocol.ts'

/** A mask with a square. */
function square(left: number, side: number): ScoredMask {
  const data = new Uint8Array(100 * 100)
  for (let y = 0; y < side; y++) data.fill(1, y * 100 + left, y * 100 + left + side)
  const mask = encodeRunLength({ widthPx: 100, heightPx: 100, data })
  return { mask, objectScore: 10, predictedIou: 0.95, stability: 0.95 }
}

function judge(now: ScoredMask, before: ScoredMask | null) {
  return scoresOf(now, measureMask(now.mask), before === null ? null : measureMask(before.mask))
}

test('a mask that goes on as before is trusted', () => {
  expect(judge(square(10, 20), square(11, 20))).toMatchObject({ suspicion: 0, suspectReasons: [] })
  expect(judge(square(10, 20), null).suspicion).toBe(0)
})

test('each sign is named', () => {
  expect(judge({ ...square(10, 20), predictedIou: 0.4 }, null).suspectReasons).toEqual(['lowPredictedIou'])
  expect(judge({ ...square(10, 20), stability: 0.2 }, null).suspectReasons).toEqual(['unstable'])
  expect(judge({ ...square(10, 20), objectScore: 0.1 }, null).suspectReasons).toEqual(['lowObjectScore'])
  expect(judge(square(0, 60), square(0, 20)).suspectReasons).toContain('areaJump')
  expect(judge(square(70, 20), square(10, 20)).suspectReasons).toEqual(['centroidJump'])
})

test('an object that is surely gone is no suspect', () => {
  const gone = { ...square(0, 0), objectScore: -12, predictedIou: 0.1, stability: 1 }
  expect(judge(gone, square(10, 20)).suspicion).toBe(0)
})
