import { expect, it } from 'vitest'
import { bicubicMatrix } from './bicubic-matrix.ts'

it('leaves a map of the same size as it is', () => {
  expect([...bicubicMatrix(3, 3)]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1])
})

it('has rows that sum to one, borders included', () => {
  const matrix = bicubicMatrix(7, 64)
  for (let row = 0; row < 64; row++) {
    const sum = matrix.subarray(row * 7, row * 7 + 7).reduce((total, weight) => total + weight, 0)
    expect(sum).toBeCloseTo(1, 6)
  }
})

it('gives the weights of torch for a doubling', () => {
  // torch.nn.functional.interpolate(mode='bicubic') of an impulse: taps at distances 0.25, 0.75, 1.25 and 1.75.
  expect([...bicubicMatrix(8, 16).subarray(7 * 8, 8 * 8)]).toEqual(
    [0, 0, -0.10546875, 0.87890625, 0.26171875, -0.03515625, 0, 0].map(Math.fround),
  )
})
