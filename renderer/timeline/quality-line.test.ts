import { describe, expect, test } from 'vitest'
import { qualityPieces } from './quality-line.ts'
import { timeScale } from './time-scale.ts'

/** Ten pixels a frame, frame 0 at pixel 8. */
const scale = timeScale({ first: 0, end: 100 }, 1_016)

function quality(predictedIou: (number | null)[], suspicion: (number | null)[], framesPerBucket = 1) {
  return { framesPerBucket, predictedIou, suspicion }
}

describe('quality strip', () => {
  test('a line through the middles of its columns, 1 at the top', () => {
    expect(qualityPieces(quality([1, 0.7, 0.1], [0, 0, 0]), 10, scale, 30, 0.5)).toEqual([
      { isSuspect: false, points: [108, 0, 113, 0, 123, expect.closeTo(15, 6), 133, 30] },
    ])
  })

  test('is broken where nothing was scored', () => {
    const pieces = qualityPieces(quality([1, null, 1, 1], [0, null, 0, 0]), 0, scale, 30, 0.5)
    expect(pieces.map(({ points }) => points.length / 2)).toEqual([2, 3])
  })

  test('a suspect column is drawn from its neighbour before to the one after', () => {
    const pieces = qualityPieces(quality([1, 1, 0.4, 1, 1], [0, 0, 0.9, 0, 0]), 0, scale, 30, 0.5)
    expect(pieces).toEqual([
      { isSuspect: false, points: [8, 0, 13, 0, 23, 0] },
      { isSuspect: true, points: [23, 0, 33, 30, 43, 0] },
      { isSuspect: false, points: [43, 0, 53, 0] },
    ])
  })

  test('columns of many frames stand in the middle of their frames', () => {
    const [piece] = qualityPieces(quality([1], [0.51], 20), 20, scale, 30, 0.5)
    expect(piece).toEqual({ isSuspect: true, points: [208, 0, 308, 0] })
  })
})
