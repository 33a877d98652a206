import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noObjectLogit } from '../../../models/sam2/mask-choice.ts'
import { maskFromLogits } from '../masks/mask-from-logits.ts'
import { runLengthArea, runLengthBox } from '../masks/run-length-measures.ts'
import { decodeRunLength } from '../masks/run-length-mask.ts'
import { boxInFrame, maskInFrame } from './view-masks.ts'

const maskSize = 16

/** A frame with a part of it. */
const placedViews = fc
  .record({ widthPx: fc.integer({ min: 1, max: 90 }), heightPx: fc.integer({ min: 1, max: 70 }) })
  .chain((frame) =>
    fc
      .tuple(
        fc.nat(frame.widthPx - 1),
        fc.nat(frame.heightPx - 1),
        fc.integer({ min: 1, max: frame.widthPx }),
        fc.integer({ min: 1, max: frame.heightPx }),
      )
      .map(([leftPx, topPx, width, height]) => ({
        frame,
        view: {
          ...{ leftPx, topPx },
          widthPx: Math.min(width, frame.widthPx - leftPx),
          heightPx: Math.min(height, frame.heightPx - topPx),
        },
      })),
  )
const logitMaps = fc
  .array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: maskSize ** 2, maxLength: maskSize ** 2 })
  .map((logits) => Float32Array.from(logits))

/** Logits above 0 in whole cells. */
function cellsOn(isOn: (x: number, y: number) => boolean): Float32Array {
  return Float32Array.from({ length: maskSize ** 2 }, (_, cell) =>
    isOn(cell % maskSize, Math.floor(cell / maskSize)) ? 5 : -5,
  )
}

describe('a mask that was found in a view', () => {
  it('is put back to the pixel: the view’s own mask inside, nothing outside', () => {
    fc.assert(
      fc.property(placedViews, logitMaps, ({ frame, view }, maskLogits) => {
        const placed = decodeRunLength(maskInFrame({ maskLogits, view }, maskSize, frame))
        const part = decodeRunLength(
          maskFromLogits(maskLogits, maskSize, maskSize, view.widthPx, view.heightPx),
        )
        const expected = new Uint8Array(frame.widthPx * frame.heightPx)
        for (let y = 0; y < view.heightPx; y++) {
          const row = part.data.subarray(y * view.widthPx, (y + 1) * view.widthPx)
          expected.set(row, (view.topPx + y) * frame.widthPx + view.leftPx)
        }
        expect([placed.widthPx, placed.heightPx]).toEqual([frame.widthPx, frame.heightPx])
        expect(Buffer.compare(placed.data, expected)).toBe(0)
      }),
    )
  })

  it('is the same in a view that is the whole frame', () => {
    fc.assert(
      fc.property(placedViews, logitMaps, ({ frame }, maskLogits) => {
        const whole = maskInFrame({ maskLogits, view: null }, maskSize, frame)
        const view = { leftPx: 0, topPx: 0, ...frame }
        expect(maskInFrame({ maskLogits, view }, maskSize, frame)).toEqual(whole)
      }),
    )
  })

  it('is empty where the model saw no object', () => {
    const maskLogits = new Float32Array(maskSize ** 2).fill(noObjectLogit)
    const frame = { widthPx: 40, heightPx: 30 }
    for (const view of [null, { leftPx: 3, topPx: 4, widthPx: 20, heightPx: 15 }])
      expect(maskInFrame({ maskLogits, view }, maskSize, frame)).toMatchObject({ size: [30, 40] })
    expect(runLengthArea(maskInFrame({ maskLogits, view: null }, maskSize, frame))).toBe(0)
  })
})

describe('the box of what was seen', () => {
  const frame = { widthPx: 320, heightPx: 160 }

  it('is that of the cells in the view, in pixels of the frame', () => {
    const maskLogits = cellsOn((x, y) => x >= 4 && x < 8 && y >= 2 && y < 10)
    const view = { leftPx: 100, topPx: 50, widthPx: 64, heightPx: 32 }
    expect(boxInFrame({ maskLogits, view }, maskSize, frame)).toEqual({
      ...{ leftPx: 116, topPx: 54, widthPx: 16, heightPx: 16 },
    })
    expect(boxInFrame({ maskLogits, view: null }, maskSize, frame)).toEqual({
      ...{ leftPx: 80, topPx: 20, widthPx: 80, heightPx: 80 },
    })
  })

  it('is outward to whole pixels and inside the view', () => {
    fc.assert(
      fc.property(placedViews, logitMaps, ({ frame: size, view }, maskLogits) => {
        const box = boxInFrame({ maskLogits, view }, maskSize, size)
        if (box === null) {
          expect(Math.max(...maskLogits)).toBeLessThanOrEqual(0)
          return
        }
        expect(Object.values(box).every(Number.isInteger)).toBe(true)
        expect(box.leftPx).toBeGreaterThanOrEqual(view.leftPx)
        expect(box.topPx).toBeGreaterThanOrEqual(view.topPx)
        expect(box.leftPx + box.widthPx).toBeLessThanOrEqual(view.leftPx + view.widthPx)
        expect(box.topPx + box.heightPx).toBeLessThanOrEqual(view.topPx + view.heightPx)
      }),
    )
  })

  it('leaves out crumbs far off, which the mask keeps', () => {
    const maskLogits = cellsOn((x, y) => (x < 11 && y < 11) || (x === 15 && y === 15))
    const seen = { maskLogits, view: null }
    const box = boxInFrame(seen, maskSize, frame)
    expect(box).toEqual({ leftPx: 0, topPx: 0, widthPx: 220, heightPx: 110 })
    expect(runLengthBox(maskInFrame(seen, maskSize, frame))!.widthPx).toBeGreaterThan(300)
  })

  it('is none without an object', () => {
    expect(boxInFrame({ maskLogits: cellsOn(() => false), view: null }, maskSize, frame)).toBeNull()
  })
})
