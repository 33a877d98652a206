import fc from 'fast-check'
import { expect, it } from 'vitest'
import { arbitraryMask } from './mask-arbitrary.ts'
import { croppedMask, placedMask } from './mask-crop.ts'
import { croppedRunLength, placedRunLength } from './run-length-crop.ts'
import { encodeRunLength } from './run-length-mask.ts'

const share = fc.double({ min: 0, max: 1, noNaN: true })

it('cropping and placing runs gives what cropping and placing pixels gives', () => {
  fc.assert(
    fc.property(arbitraryMask(14), share, share, share, share, (mask, x, y, w, h) => {
      const { widthPx, heightPx } = mask
      const [leftPx, topPx] = [Math.floor(x * (widthPx - 1)), Math.floor(y * (heightPx - 1))]
      const box = {
        ...{ leftPx, topPx },
        widthPx: 1 + Math.floor(w * (widthPx - leftPx - 1)),
        heightPx: 1 + Math.floor(h * (heightPx - topPx - 1)),
      }
      const part = croppedMask(mask, box)
      const cropped = croppedRunLength(encodeRunLength(mask), box)
      expect(cropped).toEqual(encodeRunLength(part))
      expect(placedRunLength(cropped, box, heightPx, widthPx)).toEqual(
        encodeRunLength(placedMask(part, box, widthPx, heightPx)),
      )
    }),
    { numRuns: 300 },
  )
})
