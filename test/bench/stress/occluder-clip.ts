import type { BinaryMask } from '../../../electron/engine/masks/binary-mask.ts'
import { copyOf, cutOut, paste, stretched, without, type Layer } from './layers.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { StressClip } from './stress-clip.ts'
import type { TrueSequence } from './true-sequence.ts'

const framesBefore = 8
const framesAfter = 12
const slideFrames = 5
const marginPx = 8

/** A piece of another scene slides over the object, hides it wholly for so many frames, and slides away again. */
export function occluderClip(
  sequence: TrueSequence,
  scene: TrueSequence,
  hiddenFrames: number,
  random: SeededRandom,
): StressClip {
  const side = random.pick([-1, 1])
  const sceneFrame = random.below(scene.frameCount)
  const hiddenFrom = framesBefore + slideFrames
  const hiddenTo = hiddenFrom + hiddenFrames
  const { widthPx, heightPx } = sequence
  const degree = `hidden ${hiddenFrames} frames`

  /** 0 where the occluder stands over the object, up to 1 where it is out of the picture. */
  const awayAt = (frameIndex: number): number =>
    frameIndex < hiddenFrom
      ? (hiddenFrom - frameIndex) / (slideFrames + 1)
      : frameIndex < hiddenTo
        ? 0
        : (frameIndex - hiddenTo + 1) / (slideFrames + 1)

  return {
    category: 'b',
    name: `${sequence.name}, ${degree}`,
    degree,
    widthPx,
    heightPx,
    frameCount: hiddenTo + slideFrames + framesAfter,
    // Half out of its hiding it can be seen again.
    returns: [hiddenTo + Math.ceil(slideFrames / 2)],
    pictureNumber: (frameIndex) => frameIndex,
    async paint(frameIndex) {
      const { picture, mask } = await sequence.at(frameIndex)
      const away = awayAt(frameIndex)
      const nothing: BinaryMask = { widthPx, heightPx, data: new Uint8Array(widthPx * heightPx) }
      const object = cutOut(picture, mask)
      if (away >= 1 || !object) return { picture, truth: mask, wrong: nothing }
      const canvas = copyOf(picture)
      const occluder = await pieceOf(
        scene,
        sceneFrame,
        object.widthPx + 2 * marginPx,
        object.heightPx + 2 * marginPx,
      )
      const distance = (object.widthPx + marginPx) * away
      const seen = paste(canvas, occluder, object.centreX + side * distance, object.centreY)
      return { picture: canvas, truth: without(mask, seen), wrong: seen }
    },
  }
}

/** An opaque piece of a scene's background: its lower half, where the ground is. */
async function pieceOf(
  scene: TrueSequence,
  frame: number,
  widthPx: number,
  heightPx: number,
): Promise<Layer> {
  const { picture } = await scene.at(frame)
  const half = Math.floor(picture.heightPx / 2)
  const part = { left: 0, top: half, width: picture.widthPx, height: picture.heightPx - half }
  const { rgb } = await stretched(picture, part, widthPx, heightPx, false)
  const rgba = new Uint8Array(widthPx * heightPx * 4).fill(255)
  for (let pixel = 0; pixel < widthPx * heightPx; pixel++)
    rgba.set(rgb.subarray(pixel * 3, pixel * 3 + 3), pixel * 4)
  return { widthPx, heightPx, rgba, centreX: widthPx / 2, centreY: heightPx / 2 }
}
