import { expect, test } from 'vitest'
import type { MaskScores } from '../../contract/tracking.ts'
import { encodeRunLength } from '../masks/run-length-mask.ts'
import { SuspicionJudge } from './suspicion.ts'
import type { ScoredMask } from './tracker-protocol.ts'

/** A mask with a square. */
function square(left: number, side: number): ScoredMask {
  const data = new Uint8Array(200 * 100)
  for (let y = 0; y < side; y++) data.fill(1, y * 200 + left, y * 200 + left + side)
  const mask = encodeRunLength({ widthPx: 200, heightPx: 100, data })
  return { mask, objectScore: 10, predictedIou: 0.95, stability: 0.95 }
}

/** A square that moves a pixel a frame for ten frames. */
function calmTrack(): { judge: SuspicionJudge; last: MaskScores } {
  const judge = new SuspicionJudge()
  judge.follow(square(9, 40).mask)
  const scores = Array.from({ length: 10 }, (_, frame) => judge.judge(square(10 + frame, 40)))
  return { judge, last: scores.at(-1)! }
}

test('a mask that goes on as before is trusted', () => {
  const { last } = calmTrack()
  expect(last.suspicion).toBeLessThan(0.25)
  expect(last.suspectReasons).toEqual([])
})

test('each sign is named', () => {
  const next = square(20, 40)
  const judged = (change: Partial<ScoredMask>) => calmTrack().judge.judge({ ...next, ...change })
  expect(judged({ predictedIou: 0.4 })).toMatchObject({ suspectReasons: ['lowPredictedIou'] })
  expect(judged({ predictedIou: 0.4 }).suspicion).toBeGreaterThan(0.5)
  expect(judged({ stability: 0.4 }).suspectReasons).toEqual(['unstable'])
  expect(judged({ mask: square(20, 95).mask }).suspectReasons).toContain('areaJump')
  expect(judged({ mask: square(150, 40).mask }).suspectReasons).toContain('centroidJump')
})

test('a track that has become worse is trusted less than one that never was better', () => {
  const poor = { ...square(20, 40), predictedIou: 0.65 }
  const never = new SuspicionJudge()
  never.follow(poor.mask)
  const { suspicion } = never.judge(poor)
  expect(calmTrack().judge.judge(poor).suspicion).toBeGreaterThan(suspicion!)
})

test('an object that moves fast as it always did is no jump', () => {
  const judge = new SuspicionJudge()
  const scores = Array.from({ length: 8 }, (_, frame) => judge.judge(square(frame * 20, 40)))
  expect(scores.at(-1)!.suspectReasons).not.toContain('centroidJump')
})

test('two directions that disagree are suspect', () => {
  const { judge } = calmTrack()
  const scores = judge.judge(square(20, 40), square(120, 40).mask)
  expect(scores).toMatchObject({ suspicion: 1, suspectReasons: ['directionsDisagree'] })
})

test('an object that is surely gone is no suspect, one that may be is', () => {
  const gone = { ...square(0, 0), objectScore: -12, predictedIou: 0.1, stability: 1 }
  expect(calmTrack().judge.judge(gone).suspicion).toBe(0)
  const unsure = calmTrack().judge.judge({ ...gone, objectScore: -0.2 })
  expect(unsure.suspicion).toBeGreaterThan(0.5)
  expect(unsure.suspectReasons).toEqual(['lowObjectScore'])
})
