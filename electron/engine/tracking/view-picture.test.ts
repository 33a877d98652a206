import { describe, expect, it } from 'vitest'
import { resizeBicubic } from '../video/resize-bicubic.ts'
import { partOfPicture, pictureOfView } from './view-picture.ts'

/** Every pixel says where it is. */
const frame = {
  widthPx: 23,
  heightPx: 17,
  rgb: Uint8Array.from({ length: 23 * 17 * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3)
    return [(pixel % 23) * 10, Math.floor(pixel / 23) * 12, pixel % 256][i % 3]!
  }),
}

describe('a part of a picture', () => {
  it.each([
    { leftPx: 0, topPx: 0, widthPx: 23, heightPx: 17 },
    { leftPx: 5, topPx: 3, widthPx: 7, heightPx: 9 },
    { leftPx: 22, topPx: 16, widthPx: 1, heightPx: 1 },
  ])('has the pixels of its place: %o', (box) => {
    const part = partOfPicture(frame, box)
    expect(part).toMatchObject({ widthPx: box.widthPx, heightPx: box.heightPx })
    for (let y = 0; y < box.heightPx; y++)
      for (let x = 0; x < box.widthPx; x++) {
        const from = ((box.topPx + y) * frame.widthPx + box.leftPx + x) * 3
        const to = (y * box.widthPx + x) * 3
        expect([...part.rgb.subarray(to, to + 3)]).toEqual([...frame.rgb.subarray(from, from + 3)])
      }
  })

  it('is a copy', () => {
    const part = partOfPicture(frame, { leftPx: 0, topPx: 0, widthPx: 4, heightPx: 4 })
    part.rgb.fill(255)
    expect(frame.rgb[0]).toBe(0)
  })
})

describe('the model’s picture of a view', () => {
  it('is the part, resized as the official loader does', () => {
    const view = { leftPx: 5, topPx: 3, widthPx: 8, heightPx: 6 }
    const { rgb } = partOfPicture(frame, view)
    expect(pictureOfView(frame, view, 32)).toEqual(resizeBicubic(rgb, 8, 6, 32, 32))
  })

  it('is the frame’s own where there is no view', () => {
    expect(pictureOfView(frame, null, 32)).toEqual(resizeBicubic(frame.rgb, 23, 17, 32, 32))
    expect(pictureOfView(frame, { leftPx: 0, topPx: 0, widthPx: 23, heightPx: 17 }, 32)).toEqual(
      pictureOfView(frame, null, 32),
    )
  })
})
