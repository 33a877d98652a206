import { describe, expect, test } from 'vitest'
import { wheelIntent, type WheelSample } from './wheel-intent.ts'

function wheel(more: Partial<WheelSample>) {
  return wheelIntent({
    deltaX: 0,
    deltaY: 0,
    deltaMode: 0,
    ctrlKey: false,
    shiftKey: false,
    altKey: false,
    ...more,
  })
}

describe('the wheel', () => {
  test('zooms, in and out by the same factor', () => {
    const closer = wheel({ deltaY: -100 })
    const farther = wheel({ deltaY: 100 })
    if (closer.kind !== 'zoom' || farther.kind !== 'zoom') throw new Error('it did not zoom')
    expect(closer.factor).toBeGreaterThan(1)
    expect(closer.factor * farther.factor).toBeCloseTo(1, 12)
  })

  test('counts lines and pages as pixels', () => {
    expect(wheel({ deltaY: 3, deltaMode: 1 })).toEqual(wheel({ deltaY: 48 }))
    expect(wheel({ deltaY: 1, deltaMode: 2 })).toEqual(wheel({ deltaY: 400 }))
  })

  test('moves the picture with Shift, Alt, or sideways', () => {
    expect(wheel({ deltaY: 30, shiftKey: true })).toEqual({ kind: 'pan', delta: { x: -30, y: 0 } })
    expect(wheel({ deltaX: 30, shiftKey: true })).toEqual({ kind: 'pan', delta: { x: -30, y: 0 } })
    expect(wheel({ deltaY: 30, altKey: true })).toEqual({ kind: 'pan', delta: { x: 0, y: -30 } })
    expect(wheel({ deltaX: 30, deltaY: 4 })).toEqual({ kind: 'pan', delta: { x: -30, y: -4 } })
  })

  test('a pinch zooms faster', () => {
    const pinch = wheel({ deltaY: -10, ctrlKey: true })
    expect(pinch.kind === 'zoom' && pinch.factor > 1.09).toBe(true)
  })
})
