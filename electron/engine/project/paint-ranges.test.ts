import fc from 'fast-check'
import { expect, test } from 'vitest'
import { paintRanges, type FrameRangeRecord } from './paint-ranges.ts'

interface Coloured extends FrameRangeRecord {
  readonly colour: string
}

const FRAMES = 24
const stroke = fc.record({
  first: fc.nat(FRAMES - 1),
  length: fc.integer({ min: 1, max: FRAMES }),
  colour: fc.constantFrom('red', 'blue', 'green', null),
})

/** The same strokes on an array of frames: slow, and plainly right. */
function paintArray(strokes: { first: number; last: number; colour: string | null }[]): (string | null)[] {
  const frames = new Array<string | null>(FRAMES).fill(null)
  for (const { first, last, colour } of strokes) frames.fill(colour, first, last + 1)
  return frames
}

test('ranges say the same as frames painted one by one, never overlap and are as few as can be', () => {
  fc.assert(
    fc.property(fc.array(stroke, { maxLength: 20 }), (drawn) => {
      const strokes = drawn.map(({ first, length, colour }) => ({
        first,
        last: Math.min(FRAMES - 1, first + length - 1),
        colour,
      }))
      const ranges = new Map<number, Coloured>()
      let nextId = 1
      for (const { first, last, colour } of strokes) {
        const edit = paintRanges<Coloured>({
          ranges: ranges.values(),
          first,
          last,
          content: colour === null ? null : { colour },
          same: (range, content) => range.colour === content.colour,
          newId: () => nextId++,
        })
        for (const id of edit.remove) expect(ranges.delete(id)).toBe(true)
        for (const range of edit.put) ranges.set(range.id, range)
      }
      const frames = new Array<string | null>(FRAMES).fill(null)
      const sorted = [...ranges.values()].sort((a, b) => a.first - b.first)
      for (const [index, { first, last, colour }] of sorted.entries()) {
        expect(first).toBeLessThanOrEqual(last)
        const before = sorted[index - 1]
        if (before !== undefined) {
          expect(before.last).toBeLessThan(first)
          if (before.last + 1 === first) expect(before.colour).not.toBe(colour)
        }
        frames.fill(colour, first, last + 1)
      }
      expect(frames).toEqual(paintArray(strokes))
    }),
  )
})

test('a range that grows keeps its id, and painting the same again changes nothing', () => {
  const range: Coloured = { id: 7, first: 0, last: 4, colour: 'red' }
  const paint = (first: number, last: number) =>
    paintRanges<Coloured>({
      ranges: [range],
      first,
      last,
      content: { colour: 'red' },
      same: (known, content) => known.colour === content.colour,
      newId: () => 99,
    })
  expect(paint(5, 9)).toEqual({ put: [{ ...range, last: 9 }], remove: [] })
  expect(paint(1, 3)).toEqual({ put: [], remove: [] })
})
