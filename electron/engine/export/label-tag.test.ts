import { describe, expect, it } from 'vitest'
import { outlineText } from './label-font.ts'
import { drawLabelTag, type LabelTag } from './label-tag.ts'

const draw = (name: string, more: Partial<Parameters<typeof drawLabelTag>[0]> = {}): Promise<LabelTag> =>
  drawLabelTag({ name, colour: '#4cc2ff', fontSizePx: 16, longestPx: 400, pixelAspectRatio: 1, ...more })

/** Pixels that are much lighter than the tag's background: the letters. */
function inkPixels({ rgba }: LabelTag): number {
  let ink = 0
  for (let i = 0; i < rgba.length; i += 4) if (rgba[i]! > 150 && rgba[i + 3]! > 200) ink++
  return ink
}

function pixel({ widthPx, rgba }: LabelTag, x: number, y: number): number[] {
  return [...rgba.subarray((y * widthPx + x) * 4, (y * widthPx + x) * 4 + 4)]
}

describe('outlineText', () => {
  it('has the letters of European scripts in the program itself', async () => {
    for (const text of ['left cup 12', 'Žluťoučký kůň', 'Ærøskøbing ß', 'мяч', 'μπάλα', 'bóng đá'])
      expect((await outlineText(text, 16))?.pathData).toMatch(/^M/)
  })

  it('grows with the text and leaves to the system what it has not', async () => {
    const [short, long] = [await outlineText('ball', 16), await outlineText('balloon', 16)]
    expect(long!.widthPx).toBeGreaterThan(short!.widthPx)
    expect(await outlineText('球', 16)).toBeNull()
  })
})

describe('drawLabelTag', () => {
  it('is a dark tag with round corners, a swatch and letters', async () => {
    const tag = await draw('ball')
    expect(tag.heightPx).toBe(28)
    expect(pixel(tag, 0, 0)[3]).toBeLessThan(60)
    expect(pixel(tag, 14, 14)).toEqual([0x4c, 0xc2, 0xff, 255])
    const [red, , , alpha] = pixel(tag, Math.round(tag.widthPx / 2), 2)
    expect(red).toBeLessThan(40)
    expect(alpha).toBeGreaterThan(180)
    expect(inkPixels(tag)).toBeGreaterThan(40)
  })

  it('scales with the type size and narrows for wide pixels', async () => {
    const [plain, large, wide] = [
      await draw('player'),
      await draw('player', { fontSizePx: 48, longestPx: 2000 }),
      await draw('player', { pixelAspectRatio: 1.5 }),
    ]
    expect(large.widthPx / plain.widthPx).toBeCloseTo(3, 1)
    expect(plain.widthPx / wide.widthPx).toBeCloseTo(1.5, 1)
    expect(wide.heightPx).toBe(plain.heightPx)
  })

  it('cuts names that are too long', async () => {
    const tag = await draw('a very long name of an object that nobody would want to read', { longestPx: 160 })
    expect(tag.widthPx).toBeLessThanOrEqual(161)
    expect(inkPixels(tag)).toBeGreaterThan(100)
  })

  it('draws names in any script and takes markup for letters', async () => {
    for (const name of ['球', '🏀 ball', '<b>&"x" 球', ' ']) {
      const tag = await draw(name, { longestPx: 200 })
      expect(tag.heightPx).toBe(28)
      expect(tag.widthPx).toBeLessThanOrEqual(201)
    }
  })
})
