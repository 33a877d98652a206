import { describe, expect, it } from 'vitest'
import { isHeldByAnother } from './held-pixels.ts'

const maskSize = 16
const frame = { widthPx: 64, heightPx: 32 }

/** Foreground in columns `first` to `last`. */
function columns(first: number, last: number) {
  const maskLogits = Float32Array.from({ length: maskSize ** 2 }, (_, cell) => {
    const column = cell % maskSize
    return column >= first && column <= last ? 5 : -5
  })
  return { maskLogits, view: null }
}

describe('what another object holds', () => {
  it('is not taken by an object that comes back', () => {
    expect(isHeldByAnother(columns(4, 9), [columns(0, 1), columns(5, 12)], maskSize, frame)).toBe(true)
  })

  it('does not keep away what lies beside it or only touches it', () => {
    expect(isHeldByAnother(columns(4, 9), [columns(8, 14)], maskSize, frame)).toBe(false)
    expect(isHeldByAnother(columns(4, 9), [], maskSize, frame)).toBe(false)
  })
})
