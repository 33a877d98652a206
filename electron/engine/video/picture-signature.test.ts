import { describe, expect, it } from 'vitest'
import {
  blownOutShare,
  lighterShare,
  likenessAfterMotion,
  medianDifference,
  mixedSignature,
  pictureSignature,
  sameAfterMotion,
  signatureLikeness,
} from './picture-signature.ts'
import { frameOf, mixed, picture, sceneFrom, widthPx, withLight, type Rgb } from './scene-fixture.ts'

const signed = (rgb: Rgb) => pictureSignature(frameOf(rgb))

describe('a small picture of a frame', () => {
  it('holds mean and deviation of the light', () => {
    const halves = signed(picture((x) => (x < 24 ? 40 : 80)))
    expect(halves.mean).toBeCloseTo(60, 3)
    expect(halves.deviation).toBeCloseTo(20, 3)
    expect(signed(picture(() => 90)).deviation).toBe(0)
  })

  it('is the same for a frame of any size', () => {
    const levelAt = (x: number, y: number): number => 128 + 80 * Math.sin(6 * x) * Math.cos(5 * y)
    const frame = (widthPx: number, heightPx: number) => {
      const rgb = new Uint8Array(widthPx * heightPx * 3)
      for (let i = 0; i < rgb.length; i++) {
        const pixel = Math.floor(i / 3)
        rgb[i] = levelAt(((pixel % widthPx) + 0.5) / widthPx, (Math.floor(pixel / widthPx) + 0.5) / heightPx)
      }
      return pictureSignature({ frameIndex: 0, timeSeconds: 0, rgb, widthPx, heightPx })
    }
    expect(medianDifference(frame(1279, 719), frame(320, 180))).toBeLessThan(2)
    expect(frame(7, 5).cells.every((level) => level >= 0 && level <= 255)).toBe(true)
  })
})

describe('two small pictures', () => {
  const [first, second] = [sceneFrom(1), sceneFrom(2)]

  it('differ by what more than half of the picture does', () => {
    const part = (share: number): Rgb =>
      first.map((level, i) => ((i / 3) % widthPx < share * widthPx ? 255 : level))
    expect(medianDifference(signed(first), signed(first))).toBe(0)
    expect(medianDifference(signed(first), signed(part(0.45)))).toBe(0)
    expect(medianDifference(signed(first), signed(part(0.6)))).toBeGreaterThan(8)
  })

  it('are as alike in another light', () => {
    expect(signatureLikeness(signed(first), signed(withLight(first, 0.5, 20)))).toBeGreaterThan(0.99)
    expect(Math.abs(signatureLikeness(signed(first), signed(second)))).toBeLessThan(0.5)
    expect(signatureLikeness(signed(first), signed(picture(() => 90)))).toBe(0)
  })

  it('are alike after the camera has turned or zoomed, those of two scenes are not', () => {
    for (const camera of [{ x: 30 }, { x: -40, y: 5 }, { y: 20 }, { zoom: 1.1 }, { zoom: 0.9 }]) {
      const moved = signed(sceneFrom(1, camera))
      expect(likenessAfterMotion(signed(first), moved)).toBeGreaterThan(sameAfterMotion)
    }
    for (const scene of [2, 3, 4, 5, 6])
      expect(likenessAfterMotion(signed(first), signed(sceneFrom(scene)))).toBeLessThan(sameAfterMotion)
  })

  it('mix as their frames do', () => {
    for (const part of [0, 0.3, 1]) {
      const mixture = mixedSignature(signed(first), signed(second), part)
      const asked = signed(mixed(first, second, part))
      expect(medianDifference(mixture, asked)).toBeLessThan(1)
      expect(Math.abs(mixture.deviation - asked.deviation)).toBeLessThan(1)
    }
  })

  it('tell where the second is lighter, and where light ends', () => {
    const lit = signed(picture((x) => (x < 12 ? 255 : 60)))
    const dark = signed(picture(() => 60))
    expect(lighterShare(dark, lit, 10)).toBeCloseTo(0.25, 5)
    expect(lighterShare(lit, dark, 10)).toBe(0)
    expect(blownOutShare(lit)).toBeCloseTo(0.25, 5)
  })
})
