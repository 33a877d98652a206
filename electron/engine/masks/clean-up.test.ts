import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BinaryMask } from './binary-mask.ts'
import {
  applyCleanUp,
  applyCleanUpToRunLength,
  NO_CLEAN_UP,
  withoutHoles,
  withoutSpecks,
} from './clean-up.ts'
import { dilateByDisc, erodeByDisc } from './disc-morphology.ts'
import { arbitraryMask, maskFromRows } from './mask-arbitrary.ts'
import { outlineOf } from './outline.ts'
import { decodeRunLength, encodeRunLength } from './run-length-mask.ts'
import { runLengthWithoutHoles, runLengthWithoutSpecks } from './run-length-pieces.ts'
import { smoothedEdge } from './smooth-edge.ts'

const radius = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.double({ min: 0, max: 6, noNaN: true }))

/** Which pixels have a pixel of `value` within the disc, searched one by one. */
function nearTo({ widthPx, data }: BinaryMask, value: 0 | 1, radiusPx: number): Uint8Array {
  return data.map((_, i) => {
    for (let k = 0; k < data.length; k++) {
      const dx = (k % widthPx) - (i % widthPx)
      const dy = Math.floor(k / widthPx) - Math.floor(i / widthPx)
      if (data[k] === value && dx * dx + dy * dy <= radiusPx * radiusPx) return 1
    }
    return 0
  })
}

describe('growing and shrinking by a disc', () => {
  it('are exact', () => {
    fc.assert(
      fc.property(arbitraryMask(12), radius, (mask, radiusPx) => {
        expect(dilateByDisc(mask, radiusPx).data).toEqual(nearTo(mask, 1, radiusPx))
        expect(erodeByDisc(mask, radiusPx).data).toEqual(nearTo(mask, 0, radiusPx).map((near) => 1 - near))
      }),
      { numRuns: 300 },
    )
  })

  it('refuse what is no radius', () => {
    const mask = maskFromRows('#')
    expect(() => dilateByDisc(mask, -1)).toThrow(RangeError)
    expect(() => erodeByDisc(mask, NaN)).toThrow(RangeError)
  })
})

describe('holes and specks among run lengths', () => {
  it('are those that are found among pixels', () => {
    fc.assert(
      fc.property(arbitraryMask(24), fc.integer({ min: 0, max: 40 }), (mask, areaPx) => {
        const runs = encodeRunLength(mask)
        expect(runLengthWithoutHoles(runs, areaPx)).toEqual(encodeRunLength(withoutHoles(mask, areaPx)))
        expect(runLengthWithoutSpecks(runs, areaPx)).toEqual(encodeRunLength(withoutSpecks(mask, areaPx)))
      }),
      { numRuns: 500 },
    )
  })
})

describe('filling holes and dropping specks', () => {
  const mask = maskFromRows(
    '#####....#',
    '#.###.....',
    '###.#..##.',
    '#####.....',
    '#...#....#',
    '#...#...#.',
  )

  it('fills holes up to the area, but not what is open to the border', () => {
    const count = (maxAreaPx: number): number => withoutHoles(mask, maxAreaPx).data.reduce((a, b) => a + b, 0)
    const before = count(0)
    expect(count(1)).toBe(before + 2)
    expect(count(1000)).toBe(before + 2)
  })

  it('a hole leaks along edges only, a piece holds together by corners', () => {
    const corners = maskFromRows('###.', '#.#.', '##.#', '####')
    expect(withoutHoles(corners, 1).data).toEqual(
      maskFromRows('###.', '###.', '####', '####').data.with(10, 1),
    )
    expect(withoutSpecks(mask, 1).data[9]).toBe(0)
    // The two pixels that touch by a corner are one piece of two.
    expect(withoutSpecks(mask, 1).data[58]).toBe(1)
    expect(withoutSpecks(mask, 2).data[58]).toBe(0)
  })

  it('never drops the largest piece', () => {
    const kept = withoutSpecks(mask, 1e9).data
    expect([kept[0], kept[9], kept[27]]).toEqual([1, 0, 0])
    expect(withoutSpecks(maskFromRows('#.', '..'), 100).data[0]).toBe(1)
  })
})

describe('smoothing the edge', () => {
  it('is what a plain triple box sum with edges going on finds', () => {
    fc.assert(
      fc.property(arbitraryMask(10), fc.integer({ min: 0, max: 3 }), (mask, radiusPx) => {
        const { widthPx, heightPx } = mask
        let values = Array.from(mask.data, Number)
        const at = (x: number, y: number): number =>
          values[Math.min(Math.max(y, 0), heightPx - 1) * widthPx + Math.min(Math.max(x, 0), widthPx - 1)]!
        for (let pass = 0; pass < 3; pass++) {
          values = values.map((_, i) => {
            let sum = 0
            for (let dy = -radiusPx; dy <= radiusPx; dy++) {
              for (let dx = -radiusPx; dx <= radiusPx; dx++) {
                sum += at((i % widthPx) + dx, Math.floor(i / widthPx) + dy)
              }
            }
            return sum
          })
        }
        const half = (2 * radiusPx + 1) ** 6 / 2
        expect([...smoothedEdge(mask, radiusPx).data]).toEqual(values.map((sum) => (sum >= half ? 1 : 0)))
      }),
      { numRuns: 200 },
    )
  })

  it('takes off a spur and keeps a straight edge at the border', () => {
    const rows = Array.from({ length: 20 }, (_, y) => (y < 10 ? '#'.repeat(20) : '.'.repeat(20)))
    const straight = maskFromRows(...rows)
    expect(smoothedEdge(straight, 2)).toEqual(straight)
    const spur = { ...straight, data: straight.data.slice() }
    for (let y = 10; y < 16; y++) spur.data[y * 20 + 10] = 1
    // Six pixels stuck out; a low rise of one row is left.
    expect(smoothedEdge(spur, 2).data.lastIndexOf(1)).toBeLessThan(11 * 20)
  })
})

describe('clean-up', () => {
  const settings = fc.record({
    fillHolesPx: fc.integer({ min: 0, max: 20 }),
    dropSpecksPx: fc.integer({ min: 0, max: 20 }),
    growPx: fc.oneof(fc.constant(0), fc.double({ min: -3, max: 4, noNaN: true })),
    smoothPx: fc.integer({ min: 0, max: 2 }),
  })

  it('works on the part around the object as it would on the whole picture', () => {
    fc.assert(
      fc.property(arbitraryMask(20), settings, (mask, chosen) => {
        let whole = withoutSpecks(withoutHoles(mask, chosen.fillHolesPx), chosen.dropSpecksPx)
        const smoothed = smoothedEdge(whole, chosen.smoothPx)
        if (smoothed.data.includes(1)) whole = smoothed
        if (chosen.growPx > 0) whole = dilateByDisc(whole, chosen.growPx)
        if (chosen.growPx < 0) whole = erodeByDisc(whole, -chosen.growPx)
        if (!mask.data.includes(1)) whole = mask
        const before = mask.data.slice()
        expect(applyCleanUp(mask, chosen).data).toEqual(whole.data)
        expect(mask.data).toEqual(before)
        const runs = encodeRunLength(mask)
        expect(decodeRunLength(applyCleanUpToRunLength(runs, chosen)).data).toEqual(whole.data)
      }),
      { numRuns: 250 },
    )
  })

  it('without settings hands the mask back', () => {
    const mask = maskFromRows('##', '.#')
    expect(applyCleanUp(mask, NO_CLEAN_UP)).toBe(mask)
  })

  it('does not wipe out an object that is smaller than the smoothing', () => {
    const mask = maskFromRows('.......', '.......', '...#...', '.......', '.......')
    expect(applyCleanUp(mask, { ...NO_CLEAN_UP, smoothPx: 3 })).toEqual(mask)
  })

  it.each([
    { fillHolesPx: -1 },
    { dropSpecksPx: NaN },
    { growPx: Infinity },
    { growPx: NaN },
    { smoothPx: 1.5 },
    { smoothPx: -1 },
  ])('refuses %o', (wrong) => {
    expect(() => applyCleanUp(maskFromRows('#'), { ...NO_CLEAN_UP, ...wrong })).toThrow(RangeError)
  })
})

describe('the outline', () => {
  it('is the foreground within the thickness of background', () => {
    fc.assert(
      fc.property(arbitraryMask(14), fc.integer({ min: 1, max: 4 }), (mask, thicknessPx) => {
        const near = nearTo(mask, 0, thicknessPx)
        expect(outlineOf(mask, thicknessPx).data).toEqual(mask.data.map((value, i) => value & near[i]!))
      }),
      { numRuns: 200 },
    )
  })
})
