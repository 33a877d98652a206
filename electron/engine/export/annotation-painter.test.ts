import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryMask, maskFromRows } from '../masks/mask-arbitrary.ts'
import type { BinaryMask } from '../masks/binary-mask.ts'
import { encodeRunLength } from '../masks/run-length-mask.ts'
import { createAnnotationPainter, type AnnotationOptions } from './annotation-painter.ts'
import type { ExportObject, FrameMasks } from './frame-sink.ts'

const blue = '#0000ff'
const object = (objectId: number, colour: string): ExportObject => ({ objectId, name: 'ball', colour })

/** Paints masks over a grey frame and answers the pixels as rows of [red, green, blue]. */
async function paint(
  masks: readonly BinaryMask[],
  options: AnnotationOptions,
  colours: readonly string[] = [blue, '#ff0000'],
): Promise<number[][][]> {
  const { widthPx, heightPx } = masks[0]!
  const objects = masks.map((_, index) => object(index + 1, colours[index]!))
  const painter = await createAnnotationPainter({ widthPx, heightPx, pixelAspectRatio: 1 }, objects, options)
  const rgb = new Uint8Array(widthPx * heightPx * 3).fill(100)
  // One pixel more than the frame each way, as films of even size have.
  const strideBytes = (widthPx + 1) * 3
  const pixels = new Uint8Array(strideBytes * (heightPx + 1)).fill(77)
  const frameMasks: FrameMasks = {
    frameIndex: 0,
    masks: masks.map((mask, index) => ({
      objectId: index + 1,
      mask: encodeRunLength(mask),
      objectScore: 1,
      predictedIou: 1,
    })),
  }
  const frame = { frameIndex: 0, timeSeconds: 0, widthPx, heightPx, rgb }
  await painter.paint(frame, frameMasks, { pixels, strideBytes })
  expect(rgb.every((value) => value === 100)).toBe(true)
  for (let y = 0; y <= heightPx; y++)
    for (let at = y * strideBytes; at < (y + 1) * strideBytes; at++)
      if (y === heightPx || at >= y * strideBytes + widthPx * 3) expect(pixels[at]).toBe(77)
  return Array.from({ length: heightPx }, (_, y) =>
    Array.from({ length: widthPx }, (__, x) => [
      ...pixels.subarray(y * strideBytes + x * 3, y * strideBytes + x * 3 + 3),
    ]),
  )
}

const fillOnly: AnnotationOptions = { fillOpacity: 0.5, outlinePx: 0, labels: false }
const grey = [100, 100, 100]

describe('fill', () => {
  it('mixes the colour into the mask and touches nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryMask(20), async (mask) => {
        const rows = await paint([mask], fillOnly)
        for (let y = 0; y < mask.heightPx; y++)
          for (let x = 0; x < mask.widthPx; x++)
            expect(rows[y]![x]).toEqual(mask.data[y * mask.widthPx + x] === 1 ? [50, 50, 178] : grey)
      }),
      { numRuns: 40 },
    )
  })

  it('can cover and can leave away', async () => {
    const mask = maskFromRows('..', '.#')
    expect((await paint([mask], { ...fillOnly, fillOpacity: 1 }))[1]![1]).toEqual([0, 0, 255])
    expect((await paint([mask], { ...fillOnly, fillOpacity: 0 }))[1]![1]).toEqual(grey)
  })

  it('lays later objects over earlier ones', async () => {
    const rows = await paint([maskFromRows('##.'), maskFromRows('.##')], { ...fillOnly, fillOpacity: 1 })
    expect(rows[0]).toEqual([
      [0, 0, 255],
      [255, 0, 0],
      [255, 0, 0],
    ])
  })
})

describe('outline', () => {
  const square: BinaryMask = {
    widthPx: 60,
    heightPx: 60,
    data: Uint8Array.from({ length: 3600 }, (_, place) => {
      const [x, y] = [place % 60, Math.floor(place / 60)]
      return x >= 20 && x < 40 && y >= 20 && y < 60 ? 1 : 0
    }),
  }

  it('follows the edge of the mask, but not the border of the picture', async () => {
    // 12 pixels on a picture 720 high are 1 on this one.
    const rows = await paint([square], { fillOpacity: 0, outlinePx: 12, labels: false })
    for (const [x, y] of [
      [20, 30],
      [39, 30],
      [30, 20],
    ] as const)
      expect(rows[y]![x]).toEqual([0, 0, 255])
    for (const [x, y] of [
      [30, 30],
      [30, 59],
      [17, 30],
      [30, 17],
    ] as const)
      expect(rows[y]![x]).toEqual(grey)
  })

  it('is not greyed by the fill of a later object', async () => {
    const cover: BinaryMask = { ...square, data: new Uint8Array(3600).fill(1) }
    const rows = await paint([square, cover], { fillOpacity: 0.5, outlinePx: 12, labels: false })
    expect(rows[30]![20]).toEqual([0, 0, 255])
    expect(rows[30]![10]).not.toEqual(grey)
  })

  it('is as wide as it should be, with soft rims', async () => {
    const rows = await paint([square], { fillOpacity: 0, outlinePx: 60, labels: false })
    // Five pixels, centred on the mask's outermost one at x = 20.
    const amounts = rows[40]!.slice(15, 27).map(([red]) => (100 - red!) / 100)
    expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBeCloseTo(5, 0)
    expect(amounts.slice(3, 8)).toEqual([1, 1, 1, 1, 1])
  })

  it('leaves nothing behind for the next frame', async () => {
    const painter = await createAnnotationPainter(
      { widthPx: 60, heightPx: 60, pixelAspectRatio: 1 },
      [object(1, blue)],
      { fillOpacity: 0, outlinePx: 40, labels: false },
    )
    const canvas = { pixels: new Uint8Array(60 * 60 * 3), strideBytes: 180 }
    const frame = {
      frameIndex: 0,
      timeSeconds: 0,
      widthPx: 60,
      heightPx: 60,
      rgb: new Uint8Array(60 * 60 * 3).fill(100),
    }
    const mask = encodeRunLength(square)
    await painter.paint(
      frame,
      { frameIndex: 0, masks: [{ objectId: 1, mask, objectScore: 1, predictedIou: 1 }] },
      canvas,
    )
    expect(canvas.pixels).not.toEqual(frame.rgb)
    await painter.paint(frame, { frameIndex: 0, masks: [] }, canvas)
    expect(canvas.pixels).toEqual(frame.rgb)
  })
})

describe('labels', () => {
  it('stand above the object, dark, with its colour', async () => {
    const mask: BinaryMask = { widthPx: 320, heightPx: 240, data: new Uint8Array(320 * 240) }
    for (let y = 120; y < 160; y++) mask.data.fill(1, y * 320 + 140, y * 320 + 180)
    const rows = await paint([mask], { fillOpacity: 0, outlinePx: 0, labels: true })
    const changed: [number, number][] = []
    rows.forEach((row, y) =>
      row.forEach((pixel, x) => pixel.join() !== '100,100,100' && changed.push([x, y])),
    )
    const [xs, ys] = [changed.map(([x]) => x), changed.map(([, y]) => y)]
    expect(Math.max(...ys)).toBeLessThan(120)
    expect(Math.min(...ys)).toBeGreaterThan(80)
    expect((Math.min(...xs) + Math.max(...xs)) / 2).toBeCloseTo(159.5, -0.5)
    const pixels = changed.map(([x, y]) => rows[y]![x]!.join())
    expect(pixels).toContain('0,0,255')
    const isDark = (pixel: string): boolean => pixel.split(',').every((level) => Number(level) < 40)
    expect(pixels.filter(isDark).length).toBeGreaterThan(pixels.length / 3)
  })

  it('stand above the largest piece, wherever specks are', async () => {
    const place = async (specks: readonly number[]): Promise<string> => {
      const data = new Uint8Array(320 * 240)
      for (let y = 120; y < 200; y++) data.fill(1, y * 320 + 140, y * 320 + 180)
      for (const at of specks) data[at] = 1
      const options = { fillOpacity: 0, outlinePx: 0, labels: true }
      return JSON.stringify(await paint([{ widthPx: 320, heightPx: 240, data }], options))
    }
    expect(await place([5 * 320 + 310, 230 * 320 + 3])).toBe(await place([]))
  })

  it('are not drawn for absent objects', async () => {
    const mask: BinaryMask = { widthPx: 64, heightPx: 48, data: new Uint8Array(64 * 48) }
    const rows = await paint([mask], { fillOpacity: 0.5, outlinePx: 2, labels: true })
    expect(rows.flat().every((pixel) => pixel.join() === '100,100,100')).toBe(true)
  })
})
