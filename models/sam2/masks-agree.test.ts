import { describe, expect, it } from 'vitest'
import type { MaskCandidates } from './mask-choice.ts'
import { masksAgree } from './masks-agree.ts'

const cells = 400
const inside = (from: number, to: number): Float32Array =>
  Float32Array.from({ length: cells }, (_, cell) => (cell >= from && cell < to ? 5 : -5))
const left = inside(0, 100)
const right = inside(200, 300)
const empty = inside(0, 0)
const all = (value: number): Float32Array => new Float32Array(cells).fill(value)

/** The three masks of a tracked frame, the first of them the best. */
function candidates(changed: Partial<MaskCandidates> = {}): MaskCandidates {
  return {
    firstToken: 1,
    maskLogits: [left, right, right],
    ious: Float32Array.of(0, 0.9, 0.5, 0.4),
    objectScore: 10,
    pointers: [1, 2, 3].map((value) => Float32Array.of(value, value)),
    ...changed,
  }
}

describe('masksAgree', () => {
  it.each<[string, Partial<MaskCandidates>]>([
    ['the same', {}],
    ['a mask that is one in a hundred larger', { maskLogits: [inside(0, 101), right, right] }],
    ['other masks that would not be chosen', { maskLogits: [left, left, empty] }],
  ])('takes %s for the same', (_, changed) => {
    expect(masksAgree(candidates(), candidates(changed))).toBe('agree')
  })

  it.each<[string, Partial<MaskCandidates>]>([
    ['another mask', { maskLogits: [right, right, right] }],
    ['a mask that is a twentieth larger', { maskLogits: [inside(0, 105), right, right] }],
    ['predicted IoUs by which another mask is chosen', { ious: Float32Array.of(0, 0.5, 0.9, 0.4) }],
    ['no object', { objectScore: -10 }],
    ['logits that are not numbers', { maskLogits: [all(NaN), right, right] }],
    [
      'infinite logits where the mask is',
      { maskLogits: [left.map((logit) => logit * Infinity), right, right] },
    ],
    ['pointers that are not numbers', { pointers: [1, 2, 3].map(() => Float32Array.of(NaN, 1)) }],
    ['predicted IoUs that are not numbers', { ious: new Float32Array(4).fill(NaN) }],
    ['a score that is not a number', { objectScore: NaN }],
  ])('tells %s', (_, changed) => {
    expect(masksAgree(candidates(), candidates(changed))).toBe('differ')
  })

  it('tells far scores also where the exact one is a close call', () => {
    expect(masksAgree(candidates({ objectScore: 0.05 }), candidates({ objectScore: -1000 }))).toBe('differ')
  })

  it('tells what is not a number from an empty mask', () => {
    const exact = candidates({ maskLogits: [empty, empty, empty] })
    expect(masksAgree(exact, candidates({ maskLogits: [all(NaN), all(NaN), all(NaN)] }))).toBe('differ')
  })

  it('decides nothing by two empty masks, or by an object that is a close call', () => {
    const none = candidates({ maskLogits: [empty, right, right] })
    expect(masksAgree(none, none)).toBe('undecided')
    expect(masksAgree(candidates({ objectScore: 0.04 }), candidates({ objectScore: -0.04 }))).toBe(
      'undecided',
    )
  })
})
