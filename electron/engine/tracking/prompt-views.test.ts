import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { logitsInView, pointsInView } from './prompt-views.ts'

const frame = { widthPx: 640, heightPx: 360 }
const view = { leftPx: 200, topPx: 90, widthPx: 160, heightPx: 90 }
const modelSizePx = 512

describe('points in a view', () => {
  it('are where they are in its picture', () => {
    const points = { coordinates: Float32Array.of(200, 90, 360, 180, 280, 135), labels: [1, 0, 1] }
    expect(pointsInView(points, view, frame, modelSizePx)).toEqual({
      coordinates: Float32Array.of(0, 0, 512, 512, 256, 256),
      labels: [1, 0, 1],
    })
    expect(pointsInView(points, null, frame, modelSizePx)).toEqual(
      pointsInView(points, { leftPx: 0, topPx: 0, ...frame }, frame, modelSizePx),
    )
  })

  it('come back to their pixel', () => {
    fc.assert(
      fc.property(fc.nat(159), fc.nat(89), (across, down) => {
        const coordinates = Float32Array.of(view.leftPx + across, view.topPx + down)
        const seen = pointsInView({ coordinates, labels: [1] }, view, frame, modelSizePx).coordinates
        expect(view.leftPx + (seen[0]! * view.widthPx) / modelSizePx).toBeCloseTo(coordinates[0]!, 3)
        expect(view.topPx + (seen[1]! * view.heightPx) / modelSizePx).toBeCloseTo(coordinates[1]!, 3)
      }),
    )
  })
})

describe('logits in a view', () => {
  const maskSize = 32
  const logitsOf = (at: (x: number, y: number) => number): Float32Array =>
    Float32Array.from({ length: maskSize ** 2 }, (_, cell) =>
      at((cell % maskSize) + 0.5, Math.floor(cell / maskSize) + 0.5),
    )

  it('are the same where the view is the whole frame', () => {
    const logits = logitsOf((x, y) => Math.sin(x) * y)
    expect(logitsInView(logits, maskSize, { leftPx: 0, topPx: 0, ...frame }, frame)).toEqual(logits)
  })

  it('rise as they do in the frame, at the view’s own steps', () => {
    const rise = logitsOf((x, y) => 3 * x - 2 * y + 7)
    const seen = logitsInView(rise, maskSize, view, frame)
    for (const [x, y] of [
      [0, 0],
      [31, 31],
      [12, 25],
    ] as const) {
      // A quarter of the frame along each axis, from 10 and 8 of its 32 cells on.
      const [across, down] = [10 + (x + 0.5) / 4, 8 + (y + 0.5) / 4]
      expect(seen[y * maskSize + x]).toBeCloseTo(3 * across - 2 * down + 7, 3)
    }
  })

  it('repeat the frame’s border and stay between what is there', () => {
    const box = fc.record({ leftPx: fc.nat(600), topPx: fc.nat(330) })
    fc.assert(
      fc.property(box, fc.integer(), ({ leftPx, topPx }, seed) => {
        const logits = logitsOf((x, y) => 9 * Math.sin(seed + 3.1 * x + 1.7 * y))
        const seen = logitsInView(logits, maskSize, { leftPx, topPx, widthPx: 40, heightPx: 30 }, frame)
        expect(Math.max(...seen)).toBeLessThanOrEqual(Math.max(...logits))
        expect(Math.min(...seen)).toBeGreaterThanOrEqual(Math.min(...logits))
      }),
    )
    const columns = logitsOf((x) => x)
    const corner = logitsInView(columns, maskSize, { leftPx: 0, topPx: 0, widthPx: 10, heightPx: 10 }, frame)
    expect(corner[0]).toBe(0.5)
  })
})
