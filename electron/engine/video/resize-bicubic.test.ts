import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { resizeBicubic } from './resize-bicubic.ts'

const fixtureSchema = z.object({
  cases: z.array(
    z.object({
      widthPx: z.number(),
      heightPx: z.number(),
      outWidthPx: z.number(),
      outHeightPx: z.number(),
      sha256: z.string(),
      rgbBase64: z.string().optional(),
    }),
  ),
})
const fixture = new URL('../../../test/fixtures/resize/pillow-bicubic.json', import.meta.url)
const { cases } = fixtureSchema.parse(JSON.parse(readFileSync(fixture, 'utf8')))

/** The fixture's input: the top bytes of a linear congruential generator. */
function noise(widthPx: number, heightPx: number): Uint8Array {
  let state = 7
  return Uint8Array.from({ length: widthPx * heightPx * 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  })
}

describe('resizeBicubic', () => {
  it.each(cases)('equals Pillow: $widthPx x $heightPx to $outWidthPx x $outHeightPx', (size) => {
    const { widthPx, heightPx, outWidthPx, outHeightPx } = size
    const resized = resizeBicubic(noise(widthPx, heightPx), widthPx, heightPx, outWidthPx, outHeightPx)
    if (size.rgbBase64 !== undefined) expect([...resized]).toEqual([...Buffer.from(size.rgbBase64, 'base64')])
    expect(createHash('sha256').update(resized).digest('hex')).toBe(size.sha256)
  })

  it('answers new pixels at the same size and leaves the input alone', () => {
    const rgb = noise(6, 4)
    const same = resizeBicubic(rgb, 6, 4, 6, 4)
    expect(same).toEqual(rgb)
    expect(same.buffer).not.toBe(rgb.buffer)
    resizeBicubic(rgb, 6, 4, 3, 9)
    expect(rgb).toEqual(noise(6, 4))
  })

  it('refuses sizes that do not fit', () => {
    expect(() => resizeBicubic(new Uint8Array(12), 2, 2, 0, 2)).toThrow('0 pixels')
    expect(() => resizeBicubic(new Uint8Array(12), 2, 2, 2.5, 2)).toThrow('2.5 pixels')
    expect(() => resizeBicubic(new Uint8Array(11), 2, 2, 4, 4)).toThrow('11 bytes')
  })
})
