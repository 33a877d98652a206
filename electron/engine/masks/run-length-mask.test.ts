import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatFixtureList } from '../../../test/fixtures/format-fixture.ts'
import { arbitraryMask, maskFromRows } from './mask-arbitrary.ts'
import { MaskFormatError } from './mask-errors.ts'
import { runLengthArea, runLengthBox } from './run-length-measures.ts'
import {
  decodeRunLength,
  emptyRunLength,
  encodeRunLength,
  fullRunLength,
  runLengthCounts,
  runLengthFromCounts,
} from './run-length-mask.ts'
import { compressCounts } from './run-length-string.ts'

interface RleEntry {
  name: string
  height: number
  width: number
  counts: string
  area: number
  bbox: [number, number, number, number]
  bits: string
}

function unpack(entry: RleEntry): Uint8Array {
  const packed = Buffer.from(entry.bits, 'base64')
  return Uint8Array.from({ length: entry.width * entry.height }, (_, i) => (packed[i >> 3]! >> (i & 7)) & 1)
}

describe('run-length masks against pycocotools', () => {
  it.each(formatFixtureList<RleEntry>('rle.json'))('$name, $width x $height', (entry) => {
    const data = unpack(entry)
    const mask = { widthPx: entry.width, heightPx: entry.height, data }
    const encoded = encodeRunLength(mask)
    expect(encoded).toEqual({ size: [entry.height, entry.width], counts: entry.counts })
    expect(Buffer.from(decodeRunLength(encoded).data).equals(data)).toBe(true)
    expect(runLengthArea(encoded)).toBe(entry.area)
    const box = runLengthBox(encoded)
    expect(box ? [box.leftPx, box.topPx, box.widthPx, box.heightPx] : [0, 0, 0, 0]).toEqual(entry.bbox)
  })
})

describe('run-length masks', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(arbitraryMask(40), (mask) => {
        const back = decodeRunLength(encodeRunLength(mask))
        expect(back).toEqual(mask)
      }),
      { numRuns: 250 },
    )
  })

  it('have the runs that a plain walk down the columns finds', () => {
    fc.assert(
      fc.property(arbitraryMask(24), ({ widthPx, heightPx, data }) => {
        const expected = [0]
        for (let x = 0; x < widthPx; x++) {
          for (let y = 0; y < heightPx; y++) {
            if (data[y * widthPx + x] !== ((expected.length - 1) & 1)) expected.push(0)
            expected[expected.length - 1]!++
          }
        }
        expect([...runLengthCounts(encodeRunLength({ widthPx, heightPx, data }))]).toEqual(expected)
      }),
      { numRuns: 250 },
    )
  })

  it('read a mask that lies at an odd place of a larger buffer', () => {
    const data = new Uint8Array(new ArrayBuffer(17), 1, 16).fill(1)
    expect(encodeRunLength({ widthPx: 4, heightPx: 4, data })).toEqual(fullRunLength(4, 4))
  })

  it('can be empty and full', () => {
    expect(decodeRunLength(emptyRunLength(3, 5)).data).toEqual(new Uint8Array(15))
    expect(decodeRunLength(fullRunLength(3, 5)).data).toEqual(new Uint8Array(15).fill(1))
    expect(emptyRunLength(7, 9).counts).toBe('o1')
    expect(fullRunLength(7, 9).counts).toBe('0o1')
  })

  it('merge the empty runs that other tools write', () => {
    const written = {
      size: [3, 4] as [number, number],
      counts: compressCounts(Uint32Array.of(2, 0, 1, 3, 0, 1, 5, 0)),
    }
    expect([...runLengthCounts(written)]).toEqual([3, 4, 5])
    expect(decodeRunLength(written)).toEqual(maskFromRows('.##.', '.#..', '.#..'))
    expect([...runLengthCounts(runLengthFromCounts([0, 0, 0, 12], 3, 4))]).toEqual([0, 12])
  })

  it.each([
    ['runs longer than the picture', [3, 4], 'o1'],
    ['runs shorter than the picture', [8, 9], 'o1'],
    ['an empty string', [7, 9], ''],
    ['a number that is cut off', [7, 9], 'o'],
    ['a character below the alphabet', [7, 9], 'o1 '],
    ['a character above the alphabet', [7, 9], 'o1~'],
    ['a character beyond a byte', [7, 9], 'o1\u0430'],
    ['a negative run', [7, 9], 'O'],
    ['a negative run by difference', [7, 9], '55N5N'],
    ['a number without end', [7, 9], 'o'.repeat(40) + '1'],
    ['a huge number', [7, 9], 'ooooooo1'],
    ['a picture without pixels', [0, 9], ''],
    ['a picture too large', [2 ** 20, 2 ** 20], 'o1'],
    ['a size that is not whole', [7.5, 9], 'o1'],
    ['a size that is not finite', [Infinity, 9], 'o1'],
  ] as [string, [number, number], string][])('refuse %s', (_name, size, counts) => {
    expect(() => decodeRunLength({ size, counts })).toThrow(MaskFormatError)
  })

  it('refuse every other string at random, and crash on none', () => {
    // Mostly the alphabet, so that numbers are read, and a little of what lies just outside it.
    const compressed = fc
      .array(fc.integer({ min: 47, max: 112 }), { maxLength: 12 })
      .map((codes) => String.fromCharCode(...codes))
    let read = 0
    fc.assert(
      fc.property(compressed, fc.integer({ min: 1, max: 9 }), (counts, side) => {
        try {
          expect(decodeRunLength({ size: [side, side], counts }).data.length).toBe(side * side)
          read++
        } catch (error) {
          expect(error).toBeInstanceOf(MaskFormatError)
        }
      }),
      { numRuns: 1000 },
    )
    expect(read).toBeLessThan(100)
  })

  it('refuse counts and bytes that are no picture', () => {
    expect(() => runLengthFromCounts([5], 2, 2)).toThrow(MaskFormatError)
    expect(() => runLengthFromCounts([5, -1], 2, 2)).toThrow(MaskFormatError)
    expect(() => runLengthFromCounts([1.5, 2.5], 2, 2)).toThrow(MaskFormatError)
    expect(() => encodeRunLength({ widthPx: 3, heightPx: 3, data: new Uint8Array(8) })).toThrow(
      MaskFormatError,
    )
  })
})
