import { afterEach, describe, expect, it } from 'vitest'
import { resizeBicubic } from '../video/resize-bicubic.ts'
import { loadModel } from './load-model.ts'
import { PictureEncoder } from './picture-encoder.ts'
import { TrackerGone } from './tracking-errors.ts'

const choice = { model: 'nano', imageSize: 128, threads: 1 }
const widthPx = 90
const heightPx = 70
const picture = (seed: number) => ({
  rgb: Uint8Array.from({ length: widthPx * heightPx * 3 }, (_, index) => (index * seed) >> 4),
  widthPx,
  heightPx,
})

describe('PictureEncoder', () => {
  let encoder: PictureEncoder | undefined
  afterEach(() => encoder?.close())

  it('says of each picture what the model itself says', async () => {
    encoder = new PictureEncoder(choice)
    const pictures = [picture(31), picture(57)]
    const found = await Promise.all(pictures.map((one) => encoder!.encode(one)))
    const { model } = await loadModel(choice)
    for (const [index, { rgb }] of pictures.entries()) {
      const image = await model.encodeImage(resizeBicubic(rgb, widthPx, heightPx, 128, 128))
      expect(found[index]).toEqual(await model.numbersOf(image))
      // Taken up and read again it is the same.
      expect(await model.numbersOf(model.adoptImage(found[index]!))).toEqual(found[index])
    }
    await model.dispose()
  })

  it('passes on why a model cannot be loaded', async () => {
    encoder = new PictureEncoder({ ...choice, imageSize: 100 })
    await expect(encoder.encode(picture(1))).rejects.toMatchObject({ code: 'unsupported-input-size' })
  })

  it('answers nobody after it was closed', async () => {
    encoder = new PictureEncoder(choice)
    const waiting = encoder.encode(picture(1))
    const closed = encoder.close()
    await expect(waiting).rejects.toBeInstanceOf(TrackerGone)
    await closed
    await expect(encoder.encode(picture(1))).rejects.toBeInstanceOf(TrackerGone)
  })
})
