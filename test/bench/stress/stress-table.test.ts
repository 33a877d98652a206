import { expect, test } from 'vitest'
import type { BinaryMask } from '../../../electron/engine/masks/binary-mask.ts'
import { ClipScore } from './clip-score.ts'
import type { StressClip, StressFrame } from './stress-clip.ts'
import { StressTable } from './stress-table.ts'

const sidePx = 12

/** A square at a place from the left; none with null. */
function square(left: number | null): BinaryMask {
  const data = Uint8Array.from({ length: sidePx * sidePx }, (_, pixel) => {
    const [x, y] = [pixel % sidePx, Math.floor(pixel / sidePx)]
    return left !== null && x >= left && x < left + 4 && y >= 4 && y < 8 ? 1 : 0
  })
  return { widthPx: sidePx, heightPx: sidePx, data }
}

const rgb = new Uint8Array(sidePx * sidePx * 3)
const picture = { widthPx: sidePx, heightPx: sidePx, rgb }
const shown = (truth: number | null, wrong: number | null): StressFrame => ({
  ...{ picture, truth: square(truth), wrong: square(wrong) },
})

function clipOf(degree: string, returns: number[] = [1]): StressClip {
  return {
    ...{ category: 'b', name: degree, degree, widthPx: sidePx, heightPx: sidePx, frameCount: 3, returns },
    pictureNumber: (frameIndex) => frameIndex,
    paint: () => Promise.resolve(shown(0, null)),
  }
}

/** Scores of a clip in which the object was found or not. */
function scored(clip: StressClip, isRight: boolean): ClipScore {
  const score = new ClipScore(clip)
  for (const frameIndex of [0, 1, 2]) score.add(frameIndex, square(isRight ? 0 : 8), shown(0, 8))
  return score
}

function closed(results: readonly { degree: string; reference: boolean; default: boolean }[]) {
  const said: string[] = []
  const table = new StressTable((line) => said.push(line))
  for (const result of results) {
    const clip = clipOf(result.degree)
    table.add(clip, {
      ...{ reference: scored(clip, result.reference), default: scored(clip, result.default) },
    })
  }
  return { won: table.close(), said: said.join('\n') }
}

test('an empty mask of an object that is not there is no finding', () => {
  const score = new ClipScore(clipOf('short', [1]))
  score.add(1, square(null), shown(null, 8))
  expect(score.refound).toBeNull()
  score.add(2, square(8), shown(0, 8))
  expect(score.refound).toBe(0)
  score.add(3, square(0), shown(0, 8))
  expect(score.refound).toBe(1)
})

test('only frames that show the wrong thing say whether the mask went over to it', () => {
  const score = new ClipScore(clipOf('short'))
  for (const frameIndex of [1, 2, 3]) score.add(frameIndex, square(0), shown(0, null))
  expect(score.switchedShare).toBeNull()
  score.add(4, square(8), shown(0, 8))
  expect(score.switchedShare).toBe(1)
})

test('a category that is won is not enough where one of its degrees is lost', () => {
  const won = { reference: false, default: true }
  const all = closed([
    { degree: 'short', ...won },
    { degree: 'long', ...won },
  ])
  expect(all).toMatchObject({ won: true })
  const part = closed([
    { degree: 'short', reference: true, default: false },
    { degree: 'long', ...won },
    { degree: 'longer', ...won },
  ])
  expect(part.won).toBe(false)
  expect(part.said).toContain('b short is lost: -')
  expect(part.said).not.toContain('b is')
})

test('one clip that is lost is shown and does not decide', () => {
  const { won, said } = closed([
    { degree: 'short', reference: true, default: false },
    { degree: 'short', reference: false, default: true },
    { degree: 'short', reference: false, default: true },
  ])
  expect(won).toBe(true)
  expect(said).toMatch(/^b short .*lost$/m)
})
