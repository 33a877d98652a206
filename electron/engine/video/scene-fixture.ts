import type { DecodedFrame } from './video-source.ts'

export const widthPx = 48
const heightPx = 28
/** A pixel shows so much of the scene along each axis. */
const pixel = 2

/** Where the camera looks: the middle of the picture, half of which is 48 wide, and how much it enlarges. */
export interface Camera {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

export type Rgb = Uint8Array

/** A scene without end: soft patches of light, each scene its own. */
export function sceneFrom(scene: number, { x, y, zoom }: Partial<Camera> = {}): Rgb {
  return picture((across, down) => {
    const sceneX = (x ?? 0) + ((across - widthPx / 2) * pixel) / (zoom ?? 1)
    const sceneY = (y ?? 0) + ((down - heightPx / 2) * pixel) / (zoom ?? 1)
    const patches =
      150 * patchAt(scene, sceneX / 22, sceneY / 22) + 80 * patchAt(scene + 99, sceneX / 7, sceneY / 7)
    return 12 + patches
  })
}

/** The smooth stripes that a naive detector takes for a dissolve when they pass. */
export function stripesFrom(x: number): Rgb {
  return picture((across) => 128 + 100 * Math.sin((across * pixel + x) / 18))
}

export function picture(levelAt: (x: number, y: number) => number): Rgb {
  const rgb = new Uint8ClampedArray(widthPx * heightPx * 3)
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++) {
      const at = (y * widthPx + x) * 3
      rgb.fill(levelAt(x, y), at, at + 3)
    }
  return new Uint8Array(rgb.buffer)
}

export function withLight(rgb: Rgb, gain: number, offset = 0): Rgb {
  return new Uint8Array(Uint8ClampedArray.from(rgb, (level) => level * gain + offset).buffer)
}

export function mixed(first: Rgb, second: Rgb, part: number): Rgb {
  return first.map((level, i) => level + (second[i]! - level) * part)
}

export function frameOf(rgb: Rgb, frameIndex = 0): DecodedFrame {
  return { frameIndex, timeSeconds: frameIndex / 25, rgb, widthPx, heightPx }
}

/** Noise of 0 to 1 that is smooth between whole places. */
function patchAt(seed: number, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [across, down] = [smooth(x - left), smooth(y - top)]
  const above = mix(hash(seed, left, top), hash(seed, left + 1, top), across)
  const below = mix(hash(seed, left, top + 1), hash(seed, left + 1, top + 1), across)
  return mix(above, below, down)
}

function mix(first: number, second: number, part: number): number {
  return first + (second - first) * part
}

function smooth(part: number): number {
  return part * part * (3 - 2 * part)
}

function hash(seed: number, x: number, y: number): number {
  let bits = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1)
  bits = Math.imul(bits ^ (bits >>> 15), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32
}
