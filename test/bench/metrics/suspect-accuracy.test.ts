import { expect, test } from 'vitest'
import { suspectAccuracy, type JudgedFrame } from './suspect-accuracy.ts'

const frames = (wrong: readonly number[], right: readonly number[]): JudgedFrame[] => [
  ...wrong.map((suspicion) => ({ suspicion, isWrong: true })),
  ...right.map((suspicion) => ({ suspicion, isWrong: false })),
]

test('counts what is above the threshold', () => {
  expect(suspectAccuracy(frames([0.9, 0.6, 0.2], [0.7, 0.1, 0.5]), 0.5)).toMatchObject({
    frames: 6,
    wrong: 3,
    suspect: 3,
    precision: 2 / 3,
    recall: 2 / 3,
  })
})

test('the area is the share of pairs in order, ties count half', () => {
  const area = (wrong: readonly number[], right: readonly number[]) =>
    suspectAccuracy(frames(wrong, right), 0.5).areaUnderCurve
  expect(area([0.8, 0.9], [0.1, 0.2])).toBe(1)
  expect(area([0.1], [0.8, 0.9])).toBe(0)
  expect(area([0.5, 0.5], [0.5])).toBe(0.5)
  expect(area([0.9, 0.2], [0.5, 0.2])).toBe((2 + 0.5) / 4)
  expect(area([0.5], [])).toBeNaN()
})
