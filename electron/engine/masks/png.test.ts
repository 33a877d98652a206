import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { formatFixture } from '../../../test/fixtures/format-fixture.ts'
import { labelPictureOf, labelsIn, maskOfAllLabels, maskOfLabel } from './label-picture.ts'
import { arbitraryMask, maskFromRows } from './mask-arbitrary.ts'
import { MaskFormatError, MaskSizeMismatchError } from './mask-errors.ts'
import { decodePngLabels } from './png-reader.ts'
import { encodeIndexedPng, encodeMaskPng } from './png-writer.ts'
import { emptyRunLength, encodeRunLength, fullRunLength } from './run-length-mask.ts'
import { vocPalette } from './voc-palette.ts'

describe('mask PNGs', () => {
  it('are 8-bit grey of 0 and 255 to another reader and to ours', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryMask(30), async (mask) => {
        const png = await encodeMaskPng(encodeRunLength(mask))
        const { data, info } = await sharp(png)
          .toColourspace('b-w')
          .raw()
          .toBuffer({ resolveWithObject: true })
        expect([info.width, info.height, info.channels]).toEqual([mask.widthPx, mask.heightPx, 1])
        expect(data.equals(mask.data.map((value) => value * 255))).toBe(true)
        const read = decodePngLabels(png)
        expect(read.kind).toBe('grey')
        expect(maskOfAllLabels(read)).toEqual(encodeRunLength(mask))
        expect(maskOfLabel(read, 255)).toEqual(encodeRunLength(mask))
      }),
      { numRuns: 80 },
    )
  })

  it('say in their header what they are', async () => {
    const metadata = await sharp(await encodeMaskPng(fullRunLength(720, 1280))).metadata()
    expect(metadata).toMatchObject({
      format: 'png',
      width: 1280,
      height: 720,
      channels: 1,
      depth: 'uchar',
      space: 'b-w',
    })
  })

  it('of a damaged mask are refused', async () => {
    await expect(encodeMaskPng({ size: [4, 4], counts: 'o1' })).rejects.toThrow(MaskFormatError)
  })
})

describe('indexed PNGs', () => {
  it.each([0, 1, 2, 3])(
    'of frame %i as DAVIS has it are read exactly, and written so again',
    async (frame) => {
      const png = formatFixture(`davis/Annotations/480p/film/0000${frame}.png`)
      const ids = new Uint8Array(
        formatFixture('film.ids.u8').subarray(frame * 48 * 64, (frame + 1) * 48 * 64),
      )
      const read = decodePngLabels(png)
      expect([read.widthPx, read.heightPx]).toEqual([64, 48])
      expect(Uint8Array.from(read.labels)).toEqual(ids)
      expect(read.kind === 'palette' && read.palette).toEqual(vocPalette())
      expect(labelsIn(read)).toEqual([...new Set(ids)].filter(Boolean).sort())

      const objects = labelsIn(read).map((label) => ({ label, mask: maskOfLabel(read, label) }))
      const picture = labelPictureOf(objects, 48, 64)
      expect(picture.labels).toEqual(ids)
      const written = await encodeIndexedPng(picture, vocPalette())
      expect(decodePngLabels(written)).toEqual(read)
      const ours = await sharp(written).raw().toBuffer()
      expect(ours.equals(await sharp(png).raw().toBuffer())).toBe(true)
    },
  )

  it('keep every index of a full palette, in pictures of any width', async () => {
    const labels = Uint8Array.from({ length: 257 * 3 }, (_, i) => i)
    const picture = { widthPx: 257, heightPx: 3, labels }
    const read = decodePngLabels(await encodeIndexedPng(picture, vocPalette()))
    expect(read.labels).toEqual(labels)
  })

  it('are refused when the palette has no colour for a label', async () => {
    const picture = { widthPx: 2, heightPx: 1, labels: Uint8Array.of(0, 3) }
    await expect(encodeIndexedPng(picture, vocPalette().slice(0, 3))).rejects.toThrow(MaskFormatError)
  })

  it.each([1, 2, 4, 8])('of %i bits a pixel, as other tools write them, are read', async (depth) => {
    const colours = vocPalette().slice(0, 2 ** depth)
    const pixels = Array.from({ length: 29 * 31 }, (_, i) => colours[(i * 5) % colours.length]!)
    const png = await sharp(Buffer.from(pixels.flat()), { raw: { width: 29, height: 31, channels: 3 } })
      .png({ palette: true, colours: 2 ** depth, dither: 0 })
      .toBuffer()
    expect(png[24]).toBe(depth)
    const read = decodePngLabels(png)
    if (read.kind !== 'palette') throw new Error(`read as ${read.kind}`)
    expect(Array.from(read.labels, (label) => read.palette[label])).toEqual(pixels)
  })
})

describe('other PNGs of labels', () => {
  it('give a label for each colour; what is transparent is background', async () => {
    const pixels = Buffer.from([255, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3, 255, 9, 9, 9, 0])
    const png = await sharp(pixels, { raw: { width: 2, height: 2, channels: 4 } })
      .png()
      .toBuffer()
    const read = decodePngLabels(png)
    expect(read.kind).toBe('colour')
    expect([...read.labels]).toEqual([0xff0000, 0, 0x010203, 0])
    expect(labelsIn(read)).toEqual([0x010203, 0xff0000])
    expect(maskOfAllLabels(read)).toEqual(encodeRunLength(maskFromRows('#.', '#.')))
  })

  it('are read interlaced too, but not with fewer than 8 bits, which is said', async () => {
    const pixels = Buffer.from(Array.from({ length: 13 * 7 * 3 }, (_, i) => (i * 11) % 256))
    const picture = sharp(pixels, { raw: { width: 13, height: 7, channels: 3 } })
    const read = decodePngLabels(await picture.png({ progressive: true }).toBuffer())
    expect(read).toEqual(decodePngLabels(await picture.png().toBuffer()))
    const few = await picture.png({ progressive: true, palette: true, colours: 2 }).toBuffer()
    expect(() => decodePngLabels(few)).toThrow(/without interlacing/)
  })

  it('keep 16-bit values', async () => {
    const png = await sharp(Uint16Array.of(0, 1001, 2002, 65535), {
      raw: { width: 4, height: 1, channels: 1 },
    })
      .toColourspace('grey16')
      .png()
      .toBuffer()
    expect([...decodePngLabels(png).labels]).toEqual([0, 1001, 2002, 65535])
  })

  it.each(['empty', 'text', 'cut', 'bit flipped', 'huge'])('that are %s are refused', async (kind) => {
    const good = await encodeMaskPng(fullRunLength(20, 20))
    const bad = {
      empty: Buffer.alloc(0),
      text: Buffer.from('This is not a picture at all, but a text.'),
      cut: good.subarray(0, good.length - 20),
      'bit flipped': Buffer.from(good.map((byte, i) => (i === 45 ? byte ^ 8 : byte))),
      huge: Buffer.from(good.map((byte, i) => (i >= 16 && i < 24 ? 0x7f : byte))),
    }[kind]!
    expect(() => decodePngLabels(bad)).toThrow(MaskFormatError)
  })
})

describe('label pictures', () => {
  it('give the later mask what two masks share, and refuse what does not fit', () => {
    const [whole, part] = [fullRunLength(2, 2), encodeRunLength(maskFromRows('#.', '..'))]
    const two = [
      { label: 1, mask: whole },
      { label: 7, mask: part },
    ]
    expect([...labelPictureOf(two, 2, 2).labels]).toEqual([7, 1, 1, 1])
    expect(() => labelPictureOf([{ label: 256, mask: whole }], 2, 2)).toThrow(MaskFormatError)
    expect(() => labelPictureOf([{ label: 0, mask: whole }], 2, 2)).toThrow(MaskFormatError)
    expect(() => labelPictureOf([{ label: 1, mask: emptyRunLength(3, 2) }], 2, 2)).toThrow(
      MaskSizeMismatchError,
    )
  })
})
