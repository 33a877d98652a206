import { cutOut, paste, reshaped, stretched, wholeOf } from './layers.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { StressClip } from './stress-clip.ts'
import type { TrueSequence } from './true-sequence.ts'

const frameCount = 24
const widthPx = 1920
const heightPx = 1080

/** The object in a picture of 1920x1080 at a fraction of the size it would fill there, in another sequence's scene. */
export function smallClip(
  sequence: TrueSequence,
  scene: TrueSequence,
  fraction: number,
  random: SeededRandom,
): StressClip {
  const scale = (heightPx / sequence.heightPx) * fraction
  const sceneStart = random.below(scene.frameCount)
  const from = { x: random.between(0.2, 0.8), y: random.between(0.3, 0.7) }
  const drift = { x: random.between(-3, 3), y: random.between(-1, 1) }
  const degree = `at 1/${Math.round(1 / fraction)}`
  let start: { x: number; y: number } | null = null
  return {
    category: 'd',
    name: `${sequence.name} ${degree}`,
    degree,
    widthPx,
    heightPx,
    frameCount,
    returns: [],
    pictureNumber: (frameIndex) => frameIndex,
    async paint(frameIndex) {
      const { picture, mask } = await sequence.at(frameIndex)
      const behind = await scene.at(sceneStart + frameIndex)
      const canvas = await stretched(behind.picture, wholeOf(scene), widthPx, heightPx, false)
      const object = cutOut(picture, mask)
      const nothing = { widthPx, heightPx, data: new Uint8Array(widthPx * heightPx) }
      if (!object) return { picture: canvas, truth: nothing, wrong: null }
      start ??= { x: object.centreX, y: object.centreY }
      const x = widthPx * from.x + drift.x * frameIndex + (object.centreX - start.x) * scale
      const y = heightPx * from.y + drift.y * frameIndex + (object.centreY - start.y) * scale
      return {
        picture: canvas,
        truth: paste(canvas, await reshaped(object, scale, false), x, y),
        wrong: null,
      }
    },
  }
}
