import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { followView, promptView, searchView } from './follow-zoom.ts'

const frame = { widthPx: 1920, heightPx: 1080 }
const modelSizePx = 512
const boxOf = (share: number) => ({
  leftPx: 900,
  topPx: 500,
  widthPx: Math.round(frame.widthPx * share),
  heightPx: Math.round(frame.heightPx * share),
})

describe('the view of a small object', () => {
  it('lies inside the frame and holds the object, wherever that is', () => {
    const box = fc.record({ left: fc.nat(1900), top: fc.nat(1060), width: fc.nat(300), height: fc.nat(180) })
    fc.assert(
      fc.property(box, ({ left, top, width, height }) => {
        const seen = {
          ...{ leftPx: left, topPx: top },
          widthPx: Math.min(width + 1, frame.widthPx - left),
          heightPx: Math.min(height + 1, frame.heightPx - top),
        }
        const view = promptView(seen, frame, modelSizePx)
        if (view === null) return
        expect(view.leftPx).toBeGreaterThanOrEqual(0)
        expect(view.topPx).toBeGreaterThanOrEqual(0)
        expect(view.leftPx + view.widthPx).toBeLessThanOrEqual(frame.widthPx)
        expect(view.topPx + view.heightPx).toBeLessThanOrEqual(frame.heightPx)
        expect(view.leftPx).toBeLessThanOrEqual(seen.leftPx)
        expect(view.topPx).toBeLessThanOrEqual(seen.topPx)
        expect(view.leftPx + view.widthPx).toBeGreaterThanOrEqual(seen.leftPx + seen.widthPx)
        expect(view.topPx + view.heightPx).toBeGreaterThanOrEqual(seen.topPx + seen.heightPx)
      }),
    )
  })

  it('is the whole frame for an object that is large enough', () => {
    expect(promptView(boxOf(0.25), frame, modelSizePx)).toBeNull()
    expect(promptView(boxOf(0.15), frame, modelSizePx)).not.toBeNull()
  })

  it('begins on the way only where it gains more', () => {
    expect(followView(boxOf(0.15), null, frame, modelSizePx)).toBeNull()
    expect(followView(boxOf(0.1), null, frame, modelSizePx)).not.toBeNull()
  })

  it('keeps its size while the object changes a little, and ends when it has grown', () => {
    const view = promptView(boxOf(0.1), frame, modelSizePx)!
    expect(followView(boxOf(0.11), view, frame, modelSizePx)?.widthPx).toBe(view.widthPx)
    expect(followView(boxOf(0.16), view, frame, modelSizePx)!.widthPx).toBeGreaterThan(view.widthPx)
    expect(followView(boxOf(0.3), view, frame, modelSizePx)).toBeNull()
  })

  it('grows while the object is looked for, until it is the whole frame', () => {
    let view = promptView(boxOf(0.05), frame, modelSizePx)
    const widths: number[] = []
    while (view !== null) {
      widths.push(view.widthPx)
      view = searchView(boxOf(0.05), view, frame)
    }
    expect(widths.length).toBeGreaterThan(1)
    expect(widths).toEqual([...widths].sort((a, b) => a - b))
  })
})
