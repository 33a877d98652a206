import { expect, it } from 'vitest'
import { splitIntoShots } from './shots.ts'

const prompted = (name: string, ...indices: number[]) => ({
  name,
  frames: indices.map((frameIndex) => ({
    kind: 'points-or-box' as const,
    frameIndex,
    points: [],
    box: null,
  })),
})
const open = { first: null, last: null }

it('never splits a video without cuts', () => {
  const objects = [prompted('a', 0, 50)]
  expect(splitIntoShots({ range: open, objects, shotStarts: [] })).toEqual([
    { range: open, objects, objectIndices: [0], shot: null },
  ])
})

it('gives each shot the prompts in it and leaves out shots without any', () => {
  const parts = splitIntoShots({
    range: { first: null, last: 99 },
    objects: [prompted('b', 41), prompted('a', 3, 45)],
    shotStarts: [60, 40, 40, 20],
  })
  expect(parts.map(({ objectIndices }) => objectIndices)).toEqual([[1], [0, 1]])
  expect(parts.map(({ range }) => range)).toEqual([
    { first: 0, last: 19 },
    { first: 40, last: 59 },
  ])
  expect(
    parts.map(({ objects }) => objects.map(({ name, frames }) => [name, frames[0]!.frameIndex])),
  ).toEqual([
    [['a', 3]],
    [
      ['b', 41],
      ['a', 45],
    ],
  ])
})
