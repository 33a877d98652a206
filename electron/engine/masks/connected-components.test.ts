import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BinaryMask } from './binary-mask.ts'
import { connectedComponents, visitComponentRuns, type Connectivity } from './connected-components.ts'
import { fillHolesInLogits } from './fill-holes-in-logits.ts'
import { arbitraryMask, maskFromRows } from './mask-arbitrary.ts'

/** Labels by flooding from each pixel in reading order: 0 outside, else 1 + component. */
function flooded(
  { widthPx, heightPx, data }: BinaryMask,
  value: 0 | 1,
  connectivity: Connectivity,
): number[] {
  const labels = new Array<number>(data.length).fill(0)
  let count = 0
  for (let seed = 0; seed < data.length; seed++) {
    if (data[seed] !== value || labels[seed]) continue
    count++
    const open = [seed]
    labels[seed] = count
    while (open.length) {
      const at = open.pop()!
      const [x, y] = [at % widthPx, Math.floor(at / widthPx)]
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          if (connectivity === 4 && dx !== 0 && dy !== 0) continue
          if (x + dx < 0 || x + dx >= widthPx || y + dy < 0 || y + dy >= heightPx) continue
          const next = at + dy * widthPx + dx
          if (data[next] !== value || labels[next]) continue
          labels[next] = count
          open.push(next)
        }
      }
    }
  }
  return labels
}

describe('connected components', () => {
  it('are what flooding finds, with areas and border', () => {
    fc.assert(
      fc.property(
        arbitraryMask(16),
        fc.constantFrom<0 | 1>(0, 1),
        fc.constantFrom<Connectivity>(4, 8),
        (mask, value, connectivity) => {
          const { widthPx, heightPx } = mask
          const found = connectedComponents(mask, value, connectivity)
          const expected = flooded(mask, value, connectivity)
          const labels = new Array<number>(mask.data.length).fill(0)
          for (let component = 0; component < found.count; component++) {
            visitComponentRuns(
              found,
              (candidate) => candidate === component,
              widthPx,
              (begin, end) => labels.fill(component + 1, begin, end),
            )
            const pixels = expected.flatMap((label, i) => (label === component + 1 ? [i] : []))
            expect(found.areas[component]).toBe(pixels.length)
            const atBorder = pixels.some((i) => {
              const [x, y] = [i % widthPx, Math.floor(i / widthPx)]
              return x === 0 || y === 0 || x === widthPx - 1 || y === heightPx - 1
            })
            expect(found.touchesBorder[component]).toBe(atBorder ? 1 : 0)
          }
          expect(labels).toEqual(expected)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('official hole filling', () => {
  const shape = maskFromRows('#####.', '#.#.##', '##.###', '######', '##..##', '######')
  const logits = Float32Array.from(shape.data, (value) => (value ? 4 : -3))

  it('fills background pieces up to the area, corners connecting, the border like the rest', () => {
    const places = (filled: Float32Array): number[] =>
      [...filled.entries()].flatMap(([i, value]) => (value === Math.fround(0.1) ? [i] : []))
    // The corner pixel (1), the pair (2), and three pixels connected by corners.
    expect(places(fillHolesInLogits(logits, 6, 6, 0))).toEqual([])
    expect(places(fillHolesInLogits(logits, 6, 6, 1))).toEqual([5])
    expect(places(fillHolesInLogits(logits, 6, 6, 2))).toEqual([5, 26, 27])
    expect(places(fillHolesInLogits(logits, 6, 6, 3))).toEqual([5, 7, 9, 14, 26, 27])
  })

  it('takes a logit of exactly 0 for background and leaves its input alone', () => {
    const flat = new Float32Array(9).fill(1)
    flat[4] = 0
    expect(fillHolesInLogits(flat, 3, 3, 8)[4]).toBe(Math.fround(0.1))
    expect(flat[4]).toBe(0)
  })
})
