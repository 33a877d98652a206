import { expect, it } from 'vitest'
import { chooseMask, noObjectLogit, type MaskCandidates } from './mask-choice.ts'

const noObjectPointer = Float32Array.of(-9)
const mask = (...logits: number[]): Float32Array => Float32Array.from(logits)

function candidates(overrides: Partial<MaskCandidates> = {}): MaskCandidates {
  return {
    firstToken: 0,
    maskLogits: [mask(5, 5, -5, -5), mask(1, 1, 1, -1), mask(2, 2, -2, -2), mask(3, -3, -3, -3)],
    ious: Float32Array.of(0.9, 0.2, 0.7, 0.5),
    objectScore: 4,
    pointers: [mask(0), mask(1), mask(2), mask(3)],
    ...overrides,
  }
}

it('takes the best of the three with its own pointer', () => {
  const chosen = chooseMask(candidates(), true, noObjectPointer)
  expect([...chosen.maskLogits]).toEqual([2, 2, -2, -2])
  expect([...chosen.pointer]).toEqual([2])
  expect(chosen.predictedIou).toBeCloseTo(0.7)
})

it('finds the three where only they were made', () => {
  const { maskLogits, pointers } = candidates()
  const tracked = candidates({ firstToken: 1, maskLogits: maskLogits.slice(1), pointers: pointers.slice(1) })
  expect(chooseMask(tracked, true, noObjectPointer)).toEqual(chooseMask(candidates(), true, noObjectPointer))
})

it('keeps a stable single mask', () => {
  const chosen = chooseMask(candidates(), false, noObjectPointer)
  expect([...chosen.maskLogits]).toEqual([5, 5, -5, -5])
  expect(chosen.predictedIou).toBeCloseTo(0.9)
})

it('puts the best of the three in place of an unstable single mask, not its pointer', () => {
  const { maskLogits } = candidates()
  const unstable = candidates({ maskLogits: [mask(5, 0.01, -5, -5), ...maskLogits.slice(1)] })
  const chosen = chooseMask(unstable, false, noObjectPointer)
  expect([...chosen.maskLogits]).toEqual([2, 2, -2, -2])
  expect([...chosen.pointer]).toEqual([0])
})

it('says absent with logits and pointer', () => {
  const chosen = chooseMask(candidates({ objectScore: 0 }), true, noObjectPointer)
  expect(new Set(chosen.maskLogits)).toEqual(new Set([noObjectLogit]))
  expect(chosen.pointer).toBe(noObjectPointer)
})
