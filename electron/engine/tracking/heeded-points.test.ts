import { expect, test } from 'vitest'
import { goesOnFrom, heedsPoints } from './heeded-points.ts'

const side = 8

/** Foreground in the columns `from` to `to`, the last one left out. */
function columns(from: number, to: number): Float32Array {
  return Float32Array.from({ length: side * side }, (_, cell) =>
    cell % side >= from && cell % side < to ? 5 : -5,
  )
}

test('a mask heeds points that lie where they ask for the object or for none of it', () => {
  const inputs = (labels: number[], ...places: number[]) => ({
    coordinates: Float32Array.from(places),
    labels,
  })
  const heeds = (labels: number[], ...places: number[]): boolean =>
    heedsPoints(columns(0, 4), side, inputs(labels, ...places), 4 * side)
  expect(heeds([1], 15.9, 3)).toBe(true)
  expect(heeds([1], 16, 3)).toBe(false)
  expect(heeds([1, 0], 3, 3, 20, 31)).toBe(true)
  expect(heeds([0, 1], 3, 3, 3, 31)).toBe(false)
  // On the picture's edge, and the corners of a box.
  expect(heeds([0], 32, 32)).toBe(true)
  expect(heeds([2, 3, 1], 20, 20, 31, 31, 3, 3)).toBe(true)
})

test('a click for more keeps what stood, a click for less leaves a part of it', () => {
  expect(goesOnFrom(columns(0, 4), columns(0, 7), 1)).toBe(true)
  expect(goesOnFrom(columns(0, 4), columns(3, 7), 1)).toBe(false)
  expect(goesOnFrom(columns(0, 4), columns(0, 2), 0)).toBe(true)
  expect(goesOnFrom(columns(0, 4), columns(0, 1), 0)).toBe(false)
  expect(goesOnFrom(columns(0, 4), columns(2, 6), 0)).toBe(false)
})
