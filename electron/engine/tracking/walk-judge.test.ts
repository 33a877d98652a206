import { expect, test } from 'vitest'
import type { RunLengthMask } from '../../contract/mask.ts'
import { discMask } from '../../../test/fixtures/disc-film.ts'
import { emptyRunLength, encodeRunLength } from '../masks/run-length-mask.ts'
import type { TrackedFrame } from './predictor-types.ts'
import { Shots } from './shots.ts'
import { WalkJudge, type JudgedFrame } from './walk-judge.ts'

const frame = { widthPx: 160, heightPx: 90 }
const nowhere = emptyRunLength(frame.heightPx, frame.widthPx)

function disc(x: number): RunLengthMask {
  return encodeRunLength(discMask({ x, y: 45, radius: 20 }, frame))
}

/** The objects' masks on a frame, as a model that is sure of them gives them. */
function tracked(frameIndex: number, ...masks: RunLengthMask[]): TrackedFrame {
  const scores = { objectScore: 9, predictedIou: 0.95, stability: 0.95 }
  return { frameIndex, masks: masks.map((mask, index) => ({ objectId: index + 1, mask, ...scores })) }
}

function judgeAll(judge: WalkJudge, frames: readonly TrackedFrame[]): JudgedFrame[] {
  return frames.map((each) => judge.judge(each, each))
}

function lostOn(judged: readonly JudgedFrame[]): number[] {
  const lost = judged.filter(({ masks }) => masks[0]!.suspectReasons.includes('lostAtCut'))
  return lost.map(({ frameIndex }) => frameIndex)
}

test.each([
  ['forward', [0, 1, 2, 3, 4], [2, 3]],
  ['back', [4, 3, 2, 1, 0], [1]],
])('an object that a new shot does not show is lost until it is found: %s', (_, order, lost) => {
  const judge = new WalkJudge(new Shots([2]), (_objectId, frameIndex) => frameIndex === order[0])
  const frames = order.map((index) => tracked(index, lost.includes(index) ? nowhere : disc(60)))
  expect(lostOn(judgeAll(judge, frames))).toEqual(lost)
})

test('an object is lost from the frame on that makes a shot known which began before', () => {
  const shots = new Shots()
  const judge = new WalkJudge(shots, (_, frameIndex) => frameIndex === 0)
  const judged = [0, 1, 2, 3, 4, 5].map((frameIndex) => {
    if (frameIndex === 3) shots.add(1)
    const found = tracked(frameIndex, frameIndex > 0 && frameIndex < 5 ? nowhere : disc(60))
    return judge.judge(found, found)
  })
  expect(lostOn(judged)).toEqual([3, 4])
})

test('what was found is judged, what was divided is given out', () => {
  const judgeOf = (): WalkJudge => new WalkJudge(new Shots([1]), (_, frameIndex) => frameIndex === 0)
  const found = [0, 1, 2].map((frameIndex) => tracked(frameIndex, disc(60)))
  const divided = [0, 1, 2].map((frameIndex) => tracked(frameIndex, frameIndex === 0 ? disc(60) : nowhere))
  const judge = judgeOf()
  const judged = found.map((seen, index) => judge.judge(divided[index]!, seen).masks[0]!)
  expect(judged.map(({ mask }) => mask)).toEqual(divided.map(({ masks }) => masks[0]!.mask))
  const undivided = judgeAll(judgeOf(), found).map(({ masks }) => masks[0]!.suspicion)
  expect(judged.map(({ suspicion }) => suspicion)).toEqual(undivided)
})

test('a frame that a person prompted is not suspect, however the model doubts it', () => {
  const doubted = { ...tracked(0).masks[0], objectScore: 9, predictedIou: 0.2, stability: 0.2 }
  const masks = [{ ...doubted, objectId: 1, mask: disc(60) }]
  const [prompted, other] = [0, 1].map((frameIndex) => ({ frameIndex, masks }))
  const judge = new WalkJudge(new Shots(), (_, frameIndex) => frameIndex === 0)
  const [first, second] = judgeAll(judge, [prompted!, other!])
  expect(first!.masks[0]).toMatchObject({ suspicion: 0, suspectReasons: [] })
  expect(second!.masks[0]!.suspicion).toBeGreaterThan(0.5)
})

test('objects that come to lie on each other are told by what was found, not by how it was divided', () => {
  const judge = new WalkJudge(new Shots(), () => false)
  const found = [0, 1, 2].map((index) => tracked(index, disc(40 + 15 * index), disc(100 - 15 * index)))
  const divided = [0, 1, 2].map((index) => tracked(index, disc(40 + 15 * index), nowhere))
  const judged = found.map((seen, index) => judge.judge(divided[index]!, seen))
  expect(judged.map(({ lookAlikes }) => lookAlikes.map(({ objectIds }) => objectIds))).toEqual([
    [],
    [],
    [[1, 2]],
  ])
  expect(judged[2]!.masks.map(({ suspectReasons }) => suspectReasons.includes('lookAlike'))).toEqual([
    true,
    true,
  ])
})
