import { copyOf, cutOut, paste, reshaped, stretched, without } from './layers.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { StressClip, StressFrame } from './stress-clip.ts'
import type { TrueFrame, TrueSequence } from './true-sequence.ts'

const firstShotFrames = 16
const secondShotFrames = 20

type Repaint = (frame: TrueFrame, step: number) => Promise<StressFrame>

/**
 * Two shots joined. The second begins in the middle of the sequence and shows the object mirrored: in the scene of
 * another sequence, whose own object is there too, or, without another one, from nearer by.
 */
export function cutClip(
  sequence: TrueSequence,
  scene: TrueSequence | null,
  random: SeededRandom,
): StressClip {
  const halfway = Math.floor(sequence.frameCount / 2)
  const repaint = scene === null ? nearer(random) : inScene(sequence, scene, random)
  return {
    category: 'a',
    name: scene === null ? `${sequence.name}, nearer` : `${sequence.name} in ${scene.name}`,
    degree: null,
    widthPx: sequence.widthPx,
    heightPx: sequence.heightPx,
    frameCount: firstShotFrames + secondShotFrames,
    returns: [firstShotFrames],
    pictureNumber: (frameIndex) => frameIndex,
    async paint(frameIndex) {
      if (frameIndex >= firstShotFrames) {
        const step = frameIndex - firstShotFrames
        return repaint(await sequence.at(halfway + step), step)
      }
      const { picture, mask } = await sequence.at(frameIndex)
      return { picture, truth: mask, wrong: null }
    },
  }
}

/** A part of the picture around the object, mirrored, at the picture's size. */
function nearer(random: SeededRandom): Repaint {
  const share = random.between(0.6, 0.8)
  const place = random.between(0.3, 0.7)
  let part: { left: number; top: number; width: number; height: number } | null = null
  return async ({ picture, mask }) => {
    const { widthPx, heightPx } = picture
    const layer = cutOut(picture, mask)
    // The camera stands still within the shot, so the first frame decides.
    part ??= {
      width: Math.round(widthPx * share),
      height: Math.round(heightPx * share),
      left: within((layer?.centreX ?? widthPx / 2) - widthPx * share * place, widthPx * (1 - share)),
      top: within((layer?.centreY ?? heightPx / 2) - heightPx * share * place, heightPx * (1 - share)),
    }
    const masked = { widthPx, heightPx, rgb: grey(mask.data) }
    const [shown, shownMask] = await Promise.all(
      [picture, masked].map((whole) => stretched(whole, part!, widthPx, heightPx, true)),
    )
    const data = new Uint8Array(widthPx * heightPx).map((_, pixel) =>
      shownMask!.rgb[pixel * 3]! >= 128 ? 1 : 0,
    )
    return { picture: shown!, truth: { widthPx, heightPx, data }, wrong: null }
  }
}

function inScene(sequence: TrueSequence, scene: TrueSequence, random: SeededRandom): Repaint {
  const scale = random.between(0.7, 1)
  const left = random.between(0.3, 0.7)
  const top = random.between(0.45, 0.65)
  const sceneStart = random.below(scene.frameCount)
  let start: { x: number; y: number } | null = null
  return async ({ picture, mask }, step) => {
    const behind = await scene.at(sceneStart + step)
    const { widthPx, heightPx } = sequence
    const background = await stretched(
      behind.picture,
      { left: 0, top: 0, width: scene.widthPx, height: scene.heightPx },
      widthPx,
      heightPx,
      false,
    )
    const layer = cutOut(picture, mask)
    const nothing = { widthPx, heightPx, data: new Uint8Array(widthPx * heightPx) }
    const other = scene.widthPx === widthPx && scene.heightPx === heightPx ? behind.mask : null
    if (!layer) return { picture: background, truth: nothing, wrong: other }
    start ??= { x: layer.centreX, y: layer.centreY }
    const canvas = copyOf(background)
    // Mirrored, it moves the other way.
    const x = widthPx * left - (layer.centreX - start.x) * scale
    const y = heightPx * top + (layer.centreY - start.y) * scale
    const truth = paste(canvas, await reshaped(layer, scale, true), x, y)
    return { picture: canvas, truth, wrong: other && without(other, truth) }
  }
}

function within(value: number, most: number): number {
  return Math.floor(Math.min(Math.max(value, 0), most))
}

function grey(mask: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(mask.length * 3)
  mask.forEach((value, pixel) => rgb.fill(value * 255, pixel * 3, pixel * 3 + 3))
  return rgb
}
