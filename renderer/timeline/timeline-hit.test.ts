import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { timeScale } from './time-scale.ts'
import { draggedMarkers, draggedShotFrame, draggedThumb, scrollThumb, timelineHit } from './timeline-hit.ts'
import { timelineLayout } from './timeline-layout.ts'

/** Ten pixels a frame, frame 0 at pixel 8. */
const scale = timeScale({ first: 0, end: 100 }, 1_016)
const layout = timelineLayout(230, 3, 0)
const markers = { inFrame: 10, outFrame: 19 }
const keyframes = [[5], [], [50]]
const shot = { id: 7, videoId: 1, frameIndex: 40, kind: 'cut', confidence: 1, source: 'detected' } as const
const handles = { markers, shots: [shot], keyframesOf: (lane: number) => keyframes[lane] ?? [] }

function hit(x: number, y: number) {
  return timelineHit(layout, scale, 100, handles, x, y)
}

describe('what lies under the pointer', () => {
  test('ruler, film and quality strip scrub', () => {
    expect(hit(8 + 555, 10)).toEqual({ kind: 'scrub', frameIndex: 55 })
    expect(hit(8 + 555, 40)).toEqual({ kind: 'scrub', frameIndex: 55 })
    expect(hit(8 + 555, 150)).toEqual({ kind: 'scrub', frameIndex: 55 })
    expect(hit(-50, 40)).toEqual({ kind: 'scrub', frameIndex: 0 })
  })

  test('brackets in the ruler, in at the start and out behind the end of its frame', () => {
    expect(hit(8 + 100 - 4, 10)).toEqual({ kind: 'inMarker' })
    expect(hit(8 + 200 + 5, 10)).toEqual({ kind: 'outMarker' })
    expect(hit(8 + 200 + 5, 40)).toEqual({ kind: 'scrub', frameIndex: 20 })
  })

  test('a cut by its handle in the ruler, unless a bracket is there', () => {
    expect(hit(8 + 400 - 5, 10)).toEqual({ kind: 'shot', shot })
    expect(hit(8 + 400 + 7, 10)).toEqual({ kind: 'scrub', frameIndex: 40 })
    expect(hit(8 + 400, 40)).toEqual({ kind: 'scrub', frameIndex: 40 })
    const onBracket = { ...handles, shots: [{ ...shot, frameIndex: 10 }] }
    expect(timelineHit(layout, scale, 100, onBracket, 8 + 100, 10)).toEqual({ kind: 'inMarker' })
  })

  test('lanes with their keyframes', () => {
    expect(hit(8 + 52, 70)).toEqual({ kind: 'lane', lane: 0, frameIndex: 5, keyframe: 5 })
    expect(hit(8 + 52, 68 + 26)).toEqual({ kind: 'lane', lane: 1, frameIndex: 5, keyframe: null })
  })

  test('the scroll bar only when there is something to scroll', () => {
    expect(hit(500, 225)).toEqual({ kind: 'nothing' })
    const close = timeScale({ first: 0, end: 50 }, 1_016)
    const at = (x: number) => timelineHit(layout, close, 100, handles, x, 225)
    expect(at(100)).toEqual({ kind: 'scrollBar', onThumb: true })
    expect(at(900)).toEqual({ kind: 'scrollBar', onThumb: false })
  })
})

describe('dragging', () => {
  test('a cut goes to the nearest boundary between two frames', () => {
    expect(draggedShotFrame(scale, 100, 8 + 404)).toBe(40)
    expect(draggedShotFrame(scale, 100, 8 + 406)).toBe(41)
    expect(draggedShotFrame(scale, 100, -50)).toBe(1)
    expect(draggedShotFrame(scale, 100, 5_000)).toBe(99)
  })

  test('markers stay in the film and on their side of each other', () => {
    expect(draggedMarkers(scale, 100, markers, 'inMarker', 8 + 52)).toEqual({ inFrame: 5, outFrame: 19 })
    expect(draggedMarkers(scale, 100, markers, 'inMarker', 8 + 900)).toEqual({ inFrame: 19, outFrame: 19 })
    expect(draggedMarkers(scale, 100, markers, 'outMarker', 8 + 300)).toEqual({ inFrame: 10, outFrame: 29 })
    expect(draggedMarkers(scale, 100, markers, 'outMarker', -99)).toEqual({ inFrame: 10, outFrame: 10 })
    const open = { inFrame: null, outFrame: 19 }
    expect(draggedMarkers(scale, 100, open, 'outMarker', 5_000)).toEqual({ inFrame: null, outFrame: 99 })
  })

  test('the thumb follows the pointer over the whole film', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 100_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (frameCount, u) => {
          const first = u * (frameCount - 100)
          const close = timeScale({ first, end: first + 100 }, 1_016)
          const thumb = scrollThumb(close, frameCount)!
          expect(thumb.fromX).toBeGreaterThanOrEqual(8)
          expect(thumb.toX).toBeLessThanOrEqual(1_008 + 1e-6)
          const moved = draggedThumb(close.range, close, frameCount, 1_008 - thumb.toX)
          expect(moved.end).toBeCloseTo(frameCount, 3)
        },
      ),
    )
  })

  test('there is none while the whole film is seen', () => {
    expect(scrollThumb(scale, 100)).toBeNull()
  })
})
