import { pictureOfView } from '../../electron/engine/tracking/view-picture.ts'
import type { PredictorVideo } from '../../electron/engine/tracking/predictor-types.ts'

/** A square video of noise with a bright disc that moves to the right: something to prompt, whatever the model. */
export function syntheticVideo(sizePx: number, frameCount: number): PredictorVideo {
  return {
    frameCount,
    widthPx: sizePx,
    heightPx: sizePx,
    pictureAt: (frameIndex, view) => {
      const rgb = new Uint8Array(sizePx * sizePx * 3)
      let seed = frameIndex + 1
      const centre = sizePx * (0.3 + (0.4 * frameIndex) / frameCount)
      for (let pixel = 0; pixel < sizePx * sizePx; pixel++) {
        seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
        const x = pixel % sizePx
        const y = Math.floor(pixel / sizePx)
        const inside = (x - centre) ** 2 + (y - sizePx / 2) ** 2 < (sizePx / 8) ** 2
        rgb.fill(inside ? 220 : 60 + (seed >>> 27), pixel * 3, pixel * 3 + 3)
      }
      return Promise.resolve(pictureOfView({ rgb, widthPx: sizePx, heightPx: sizePx }, view, sizePx))
    },
  }
}
