import { describe, expect, it } from 'vitest'
import { doubtAfter, isSure, judgePresence, type Doubt } from './presence-judge.ts'

function found(
  predictedIou: number,
  objectScore = 5,
  likeness: number | null = 1,
  lastingLikeness = likeness,
) {
  return {
    ...{ predictedIou, objectScore, likeness, lastingLikeness },
    ...{ maskLogits: Float32Array.of(3, -3), pointer: new Float32Array(4) },
  }
}

const here = { isGone: false, isAfterCut: false, doubt: 'none' } as const

describe('whether an object is seen', () => {
  it('takes the first tracked frame as usual, however sure the model is', () => {
    expect(judgePresence(found(0.4), { usualIou: null, ...here })).toEqual({
      verdict: 'seen',
      usualIou: 0.4,
    })
  })

  it('is told from the share of what is usual', () => {
    const verdictAt = (iou: number, isGone: boolean) =>
      judgePresence(found(iou), { usualIou: 0.8, ...here, isGone }).verdict
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
    const verdicts = (expectation: Partial<typeof here> | { isGone?: boolean; doubt?: Doubt }) =>
      [0.96, 0.94, 0.91, 0.8, 0.6].map(
        (likeness) =>
          judgePresence(found(0.8, 5, likeness), { usualIou: 0.8, ...here, ...expectation }).verdict,
      )
    expect(verdicts({})).toEqual(['seen', 'doubtful', 'doubtful', 'doubtful', 'absent'])
    expect(verdicts({ doubt: 'a while' })).toEqual(['seen', 'doubtful', 'doubtful', 'absent', 'absent'])
    expect(verdicts({ isGone: true })).toEqual(['seen', 'doubtful', 'absent', 'absent', 'absent'])
    expect(verdicts({ doubt: 'since it was gone' })).toEqual([
      ...['seen', 'doubtful', 'doubtful', 'absent', 'absent'],
    ])
  })

  it('makes no example by the look of the frames just before alone: what slides over the object comes by degrees', () => {
    const judged = judgePresence(found(0.8, 5, 0.98, 0.9), { usualIou: 0.8, ...here })
    expect(judged.verdict).toBe('doubtful')
  })

  it('is known after a cut by a sure mask that is not quite unlike it or by its look, and what is usual begins anew', () => {
    const judged = (predictedIou: number, likeness: number | null, usualIou: number | null = 0.8) =>
      judgePresence(found(predictedIou, 5, likeness), { usualIou, ...here, isAfterCut: true })
    expect(judged(0.6, 0.75)).toEqual({ verdict: 'seen', usualIou: 0.6 })
    expect(judged(0.8, 0.65)).toEqual({ verdict: 'absent', usualIou: 0.8 })
    expect(judged(0.2, 0.9)).toEqual({ verdict: 'seen', usualIou: 0.2 })
    expect(judged(0.5, 0.85)).toEqual({ verdict: 'absent', usualIou: 0.8 })
    expect(judged(0.5, null).verdict).toBe('seen')
    expect(judged(0.2, null)).toEqual({ verdict: 'absent', usualIou: 0.8 })
    // Where nothing was tracked yet, nobody knows how sure the model is of the object.
    expect(judged(0.9, 0.85, null).verdict).toBe('absent')
    expect(judged(0.9, 0.9, null).verdict).toBe('seen')
  })

  it('goes by the predicted IoU alone where no look is known', () => {
    const gone = { usualIou: 0.8, ...here, isGone: true }
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

describe('the doubt that frames leave', () => {
  const example = { isFound: true, isExample: true }
  const absent = { isFound: false, isExample: false }
  const unlike = { isFound: true, isExample: false }

  it('is a while of doubtful frames', () => {
    expect(doubtAfter([unlike, unlike, unlike, unlike, example])).toBe('a while')
    expect(doubtAfter([unlike, unlike, unlike, example, unlike])).toBe('none')
  })

  it('goes on from where the object was gone until it is seen', () => {
    expect(doubtAfter([unlike, absent])).toBe('since it was gone')
    expect(doubtAfter([example, unlike, absent])).toBe('none')
    expect(doubtAfter([absent, unlike])).toBe('none')
    expect(doubtAfter([])).toBe('none')
  })
})
