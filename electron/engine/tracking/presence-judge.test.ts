import { describe, expect, it } from 'vitest'
import { isSure, judgePresence } from './presence-judge.ts'

function found(predictedIou: number, objectScore = 5, likeness: number | null = 1) {
  return {
    ...{ predictedIou, objectScore, likeness },
    ...{ maskLogits: Float32Array.of(3, -3), pointer: new Float32Array(4) },
  }
}

const here = { isGone: false, isAfterCut: false }

describe('whether an object is seen', () => {
  it('takes the first tracked frame as usual, however sure the model is', () => {
    expect(judgePresence(found(0.4), { usualIou: null, ...here })).toEqual({
      verdict: 'seen',
      usualIou: 0.4,
    })
  })

  it('is told from the share of what is usual', () => {
    const verdictAt = (iou: number, isGone: boolean) =>
      judgePresence(found(iou), { usualIou: 0.8, isGone, isAfterCut: false }).verdict
    expect([0.7, 0.5, 0.2].map((iou) => verdictAt(iou, false))).toEqual(['seen', 'doubtful', 'absent'])
    expect([0.7, 0.5, 0.2].map((iou) => verdictAt(iou, true))).toEqual(['seen', 'absent', 'absent'])
  })

  it('takes no object, and an empty mask, for absent and keeps what is usual', () => {
    const nothing = { ...found(0.9), maskLogits: Float32Array.of(-1, -1) }
    for (const none of [nothing, found(0.9, -1)])
      expect(judgePresence(none, { usualIou: 0.8, ...here })).toEqual({
        verdict: 'absent',
        usualIou: 0.8,
      })
  })

  it('is told from its look: another thing in its place is not the object, and not quite its look makes no example', () => {
    const verdicts = (expectation: { isGone: boolean; isAfterCut: boolean }) =>
      [0.96, 0.92, 0.85, 0.7].map(
        (likeness) => judgePresence(found(0.8, 5, likeness), { usualIou: 0.8, ...expectation }).verdict,
      )
    expect(verdicts(here)).toEqual(['seen', 'seen', 'doubtful', 'absent'])
    expect(verdicts({ isGone: true, isAfterCut: false })).toEqual(['seen', 'seen', 'doubtful', 'absent'])
  })

  it('is known after a cut by a sure mask or by its look, and what is usual begins anew', () => {
    const judged = (predictedIou: number, likeness: number | null, usualIou: number | null = 0.8) =>
      judgePresence(found(predictedIou, 5, likeness), { usualIou, isGone: false, isAfterCut: true })
    expect(judged(0.6, 0.75)).toEqual({ verdict: 'seen', usualIou: 0.6 })
    expect(judged(0.2, 0.95)).toEqual({ verdict: 'seen', usualIou: 0.2 })
    expect(judged(0.5, 0.9)).toEqual({ verdict: 'absent', usualIou: 0.8 })
    expect(judged(0.5, null).verdict).toBe('seen')
    expect(judged(0.2, null)).toEqual({ verdict: 'absent', usualIou: 0.8 })
    // Where nothing was tracked yet, nobody knows how sure the model is of the object.
    expect(judged(0.9, 0.9, null).verdict).toBe('absent')
    expect(judged(0.9, 0.95, null).verdict).toBe('seen')
  })

  it('goes by the predicted IoU alone where no look is known', () => {
    const gone = { usualIou: 0.8, isGone: true, isAfterCut: false }
    expect(judgePresence(found(0.8, 5, null), gone).verdict).toBe('seen')
  })

  it('is sure from nine tenths of what is usual', () => {
    expect([0.75, 0.7].map((iou) => isSure(found(iou), { usualIou: 0.8 }))).toEqual([true, false])
    expect(isSure(found(0.1), { usualIou: null })).toBe(true)
  })

  it('follows a slow decline', () => {
    let usualIou: number | null = 0.9
    for (let iou = 0.9; iou > 0.3; iou -= 0.005) {
      const judged = judgePresence(found(iou), { usualIou, ...here })
      expect(judged.verdict).not.toBe('absent')
      usualIou = judged.usualIou
    }
  })
})
