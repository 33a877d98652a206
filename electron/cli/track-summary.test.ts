import { expect, test } from 'vitest'
import { emptyRunLength, encodeRunLength } from '../engine/masks/run-length-mask.ts'
import type { JudgedFrame } from '../engine/tracking/walk-judge.ts'
import { TrackSummary } from './track-summary.ts'

const objects = ['a', 'b'].map((name, index) => ({ objectId: index + 1, name, colour: '#ff0000' }))
const seen = encodeRunLength({ widthPx: 1, heightPx: 1, data: Uint8Array.of(1) })

function frame(
  frameIndex: number,
  { unseen = [] as number[], suspicion = 0, isAlike = false } = {},
): JudgedFrame {
  return {
    frameIndex,
    lookAlikes: isAlike ? [{ objectIds: [1, 2], strength: 1 }] : [],
    masks: objects.map(({ objectId }) => ({
      ...{ objectId, mask: unseen.includes(objectId) ? emptyRunLength(1, 1) : seen },
      ...{ objectScore: 1, predictedIou: 1, stability: 1, suspicion, suspectReasons: [] },
    })),
  }
}

function linesOf(frames: readonly JudgedFrame[], shotStarts: readonly number[] = []): string[] {
  const summary = new TrackSummary(objects)
  for (const each of frames) summary.add(each)
  return summary.lines(shotStarts)
}

test('says nothing where there is nothing to say', () => {
  expect(linesOf([frame(0), frame(1)])).toEqual([])
})

test('a line for each kind of thing, neighbouring frames as a stretch', () => {
  const frames = [
    ...[frame(0), frame(1, { unseen: [2] }), frame(2, { unseen: [2], suspicion: 0.9 })],
    ...[frame(3, { isAlike: true, suspicion: 1 }), frame(4), frame(5, { suspicion: 0.51 })],
    frame(6, { suspicion: 0.5 }),
  ]
  expect(linesOf(frames, [2, 4, 9])).toEqual([
    'Shots begin at frames 2, 4',
    'Object b: not seen on 2 frames: 1 to 2',
    'Objects a and b come to lie on each other or change places on 1 frame: 3',
    '3 suspect frames: 2 to 3, 5',
  ])
})

test('of many stretches it names some', () => {
  const frames = Array.from({ length: 21 }, (_, index) =>
    frame(index, { suspicion: index % 2 === 0 ? 1 : 0 }),
  )
  expect(linesOf(frames)).toEqual(['11 suspect frames: 0, 2, 4, 6, 8, 10, 12, 14 and 3 more stretches'])
})
