import { describe, expect, it } from 'vitest'
import { float16ToFloat32Bits } from './read-tensor.ts'

/** The value by the definition of the format. */
function halfValue(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return exponent === 0
    ? sign * (fraction / 1024) * 2 ** -14
    : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

describe('float16ToFloat32Bits', () => {
  it('gives the value of each of the 65,536 halves', () => {
    const view = new DataView(new ArrayBuffer(4))
    for (let half = 0; half < 65536; half += 1) {
      view.setInt32(0, float16ToFloat32Bits(half))
      if (!Object.is(view.getFloat32(0), halfValue(half)))
        expect(view.getFloat32(0), `half ${half}`).toBe(halfValue(half))
    }
  })
})
