import type { FramePrompt } from '../../electron/engine/tracking/track-video.ts'
import type { PredictorMode } from '../../electron/engine/tracking/predictor-types.ts'
import { OFFICIAL_TRACKING, type TrackingOptions } from '../../electron/engine/tracking/tracking-options.ts'
import type { StressClip } from './stress/stress-clip.ts'

/** A way of following; each of a scene but the first does one thing more than the one before it. */
export interface Way {
  readonly name: string
  readonly mode: PredictorMode
  readonly tracking: TrackingOptions
}

export interface FollowScene {
  readonly name: string
  readonly objects: number
  readonly radiusPx: number
  readonly ways: readonly Way[]
}

const reference: Way = { name: 'reference', mode: 'reference', tracking: OFFICIAL_TRACKING }
const selective = { ...OFFICIAL_TRACKING, memorySelection: 'selective' } as const
const shots = { ...selective, detectShots: true }
const way = (name: string, tracking: TrackingOptions): Way => ({ name, mode: 'default', tracking })

const largePx = 90
/** Small enough for the zoom at every size of a model. */
const smallPx = 18

/** Each part of the default mode on a scene in which it has something to do. */
export const followScenes: readonly FollowScene[] = [
  {
    ...{ name: 'one object', objects: 1, radiusPx: largePx },
    ways: [reference, way('selective', selective), way('+ shots', shots)],
  },
  ...[1, 2].map((objects): FollowScene => ({
    ...{ name: `${objects} small`, objects, radiusPx: smallPx },
    ways: [reference, way('selective + shots', shots), way('+ zoom', { ...shots, followZoom: true })],
  })),
  {
    ...{ name: 'two objects', objects: 2, radiusPx: largePx },
    ways: [
      reference,
      way('selective + shots', shots),
      way('+ exclusive', { ...shots, exclusiveObjects: true }),
    ],
  },
]

const widthPx = 854
const heightPx = 480
const startPx = 60
const stepPx = 3

/** Height of a disc's centre in the picture. */
function middlePx(objects: number, objectIndex: number): number {
  return (heightPx * (2 * objectIndex + 1)) / (2 * objects)
}

/** A box around each disc on frame 0. */
export function scenePrompts({ objects, radiusPx }: FollowScene): FramePrompt[] {
  return Array.from({ length: objects }, (_, index) => {
    const y = middlePx(objects, index)
    const box = [startPx, y - radiusPx, startPx + 2 * radiusPx, y + radiusPx] as const
    return { objectId: index + 1, frameIndex: 0, prompt: { kind: 'points-or-box', box } }
  })
}

/** Bright discs that move over a pattern, painted once and kept, so that painting is in nobody's time. */
export function sceneClip({ name, objects, radiusPx }: FollowScene, frameCount: number): StressClip {
  const painted = Array.from({ length: frameCount }, (_, frameIndex) => {
    const rgb = new Uint8Array(widthPx * heightPx * 3)
    const data = new Uint8Array(widthPx * heightPx)
    const x0 = startPx + radiusPx + stepPx * frameIndex
    for (let y = 0; y < heightPx; y++) {
      const fromMiddle = (y % (heightPx / objects)) - middlePx(objects, 0)
      for (let x = 0; x < widthPx; x++) {
        const pixel = y * widthPx + x
        const isDisc = Math.hypot(x - x0, fromMiddle) < radiusPx
        data[pixel] = isDisc ? 1 : 0
        rgb.fill(isDisc ? 220 : 60 + 30 * Math.sin(x / 9) * Math.cos(y / 7), pixel * 3, pixel * 3 + 3)
      }
    }
    return { picture: { rgb, widthPx, heightPx }, truth: { data, widthPx, heightPx }, wrong: null }
  })
  return {
    ...{ category: 'e', name, degree: null, widthPx, heightPx, frameCount, returns: [] },
    pictureNumber: (frameIndex) => frameIndex,
    paint: (frameIndex) => Promise.resolve(painted[frameIndex]!),
  }
}
