import { describe, expect, it } from 'vitest'
import {
  frameOf,
  mixed,
  picture,
  sceneFrom,
  stripesFrom,
  widthPx,
  withLight,
  type Rgb,
} from './scene-fixture.ts'
import { findShots, ShotDetector } from './shot-detector.ts'
import type { FrameRange } from './video-source.ts'

const black = picture(() => 0)
const white = picture(() => 255)

function shotsOf(film: readonly Rgb[]) {
  const detector = new ShotDetector()
  return film.flatMap((rgb, frameIndex) => detector.add(frameOf(rgb, frameIndex)) ?? [])
}

const frames = (count: number, at: (index: number) => Rgb): Rgb[] =>
  Array.from({ length: count }, (_, index) => at(index))
/** A camera that turns slowly. */
const shot = (scene: number, count: number): Rgb[] =>
  frames(count, (index) => sceneFrom(scene, { x: index * 0.3 }))
/** Still at first, then on its way. */
const from = (index: number): number => Math.max(0, index - 10)

describe('no shot begins', () => {
  it.each([0.5, 1, 2, 4, 8, 16, 32])(
    'where the camera turns by %d of 96 a frame, from one frame to the next',
    (step) => {
      for (const scene of [1, 2, 3])
        expect(
          shotsOf(
            frames(45, (index) => sceneFrom(scene, { x: from(index) * step, y: from(index) * step * 0.4 })),
          ),
        ).toEqual([])
    },
  )

  it.each([0.5, 1, 2, 4, 8])('where smooth stripes pass by %d of 96 a frame', (step) => {
    expect(shotsOf(frames(60, (index) => stripesFrom(from(index) * step)))).toEqual([])
  })

  it.each([0.95, 0.97, 1.03, 1.05])('where the camera zooms by %d a frame', (zoom) => {
    for (const scene of [1, 2, 3])
      expect(shotsOf(frames(35, (index) => sceneFrom(scene, { zoom: zoom ** from(index) })))).toEqual([])
  })

  it('where a hand shakes the camera', () => {
    expect(
      shotsOf(
        frames(40, (index) => sceneFrom(1, { x: 9 * Math.sin(index * 2.3), y: 6 * Math.cos(index * 1.7) })),
      ),
    ).toEqual([])
  })

  it.each([1, 2, 3])('where a camera flashes for %d frames', (length) => {
    const during = (flash: (rgb: Rgb) => Rgb): Rgb[] =>
      shot(1, 30).map((rgb, index) => (index >= 12 && index < 12 + length ? flash(rgb) : rgb))
    expect(shotsOf(during((rgb) => withLight(rgb, 2, 30)))).toEqual([])
    expect(shotsOf(during((rgb) => withLight(rgb, 4, 80)))).toEqual([])
    expect(shotsOf(during(() => white))).toEqual([])
  })

  it('where a flash fades', () => {
    const film = shot(1, 40).map((rgb, index) =>
      withLight(rgb, 1, index < 12 ? 0 : 240 * Math.exp((12 - index) / 3)),
    )
    expect(shotsOf(film)).toEqual([])
  })

  it.each([1, 6, 20])('where light comes, goes, or is gone for a moment, within %d frames', (length) => {
    for (const [before, after] of [
      [1, 0.4],
      [0.4, 1],
      [1, 1.6],
    ] as const)
      expect(
        shotsOf(
          shot(1, 40).map((rgb, index) =>
            withLight(rgb, before + (after - before) * Math.min(1, from(index) / length)),
          ),
        ),
      ).toEqual([])
    expect(shotsOf(shot(1, 40).map((rgb, index) => (index > 12 && index < 16 ? black : rgb)))).toEqual([])
  })

  it('where something large goes quickly past', () => {
    const film = shot(1, 40).map((rgb, index) => {
      const passing = sceneFrom(2)
      return rgb.map((level, i) => {
        const x = (Math.floor(i / 3) % widthPx) * 2
        const left = -60 + (index - 10) * 8
        return x >= left && x < left + 60 ? passing[i]! : level
      })
    })
    expect(shotsOf(film)).toEqual([])
  })

  it('where a film comes out of the dark at its beginning', () => {
    const film = shot(1, 40).map((rgb, index) => withLight(rgb, Math.min(1, Math.max(0, (index - 8) / 12))))
    expect(shotsOf(film)).toEqual([])
  })
})

describe('a shot begins', () => {
  it.each([1, 2, 3, 4, 5])('at a hard cut from scene %d to the next, whatever light is on them', (scene) => {
    for (const [first, second] of [
      [1, 1],
      [0.3, 1],
      [1, 0.3],
    ] as const) {
      const film = [
        ...shot(scene, 20).map((rgb) => withLight(rgb, first)),
        ...shot(scene + 1, 20).map((rgb) => withLight(rgb, second)),
      ]
      expect(shotsOf(film)).toMatchObject([{ frameIndex: 20, kind: 'cut' }])
    }
  })

  it('at a hard cut while the camera turns', () => {
    const film = [
      ...frames(20, (index) => sceneFrom(1, { x: index * 3 })),
      ...frames(20, (index) => sceneFrom(2, { x: index * 3 })),
    ]
    expect(shotsOf(film)).toMatchObject([{ frameIndex: 20, kind: 'cut' }])
  })

  it.each([4, 12, 24])('once at a fade through black or white of %d frames each way', (length) => {
    for (const [colour, held] of [
      [black, 1],
      [black, 4],
      [black, 30],
      [white, 4],
    ] as const) {
      const out = shot(1, length).map((rgb, index) => mixed(rgb, colour, (index + 1) / length))
      const into = shot(2, length).map((rgb, index) => mixed(colour, rgb, (index + 1) / length))
      const empty = frames(held, () => colour)
      const found = shotsOf([...shot(1, 12), ...out, ...empty, ...into, ...shot(2, 30)])
      expect(found).toMatchObject([{ kind: 'fade', confidence: 1 }])
      expect(found[0]!.frameIndex).toBeGreaterThanOrEqual(12)
      expect(found[0]!.frameIndex).toBeLessThan(12 + length + held)
    }
  })

  it('where a film ends in the dark', () => {
    expect(shotsOf([...shot(1, 20), ...frames(12, () => black)])).toMatchObject([
      { frameIndex: 20, kind: 'fade' },
    ])
  })

  it.each([6, 10, 16, 24, 36])('once where one scene is mixed into the next within %d frames', (length) => {
    const first = shot(1, 20 + length)
    const second = shot(2, 30 + length)
    const film = [
      ...first.slice(0, 20),
      ...frames(length, (index) => mixed(first[20 + index]!, second[index]!, (index + 1) / (length + 1))),
      ...second.slice(length),
    ]
    const found = shotsOf(film)
    expect(found).toMatchObject([{ kind: 'fade' }])
    expect(found[0]!.frameIndex).toBeGreaterThan(14)
    expect(found[0]!.frameIndex).toBeLessThan(20 + length)
  })
})

describe('a walk that begins in the middle of a video', () => {
  const filmOf = (film: readonly Rgb[]) => ({
    async *frames({ first, last }: FrameRange = { first: 0, last: film.length - 1 }) {
      for (let frameIndex = first; frameIndex <= last; frameIndex++)
        yield frameOf(film[frameIndex]!, frameIndex)
    },
  })
  const cut = 40
  const film = [...shot(1, cut), ...shot(2, 30)]
  const range = (first: number): FrameRange => ({ first, last: film.length - 1 })

  it('finds the cuts on its first frames', async () => {
    for (let first = cut - 6; first <= cut; first++)
      expect(await findShots(filmOf(film), range(first))).toMatchObject([{ frameIndex: cut, kind: 'cut' }])
  })

  it('finds none where the whole video has none', async () => {
    for (let first = cut + 1; first < cut + 8; first++)
      expect(await findShots(filmOf(film), range(first))).toEqual([])
    const turning = frames(45, (index) => sceneFrom(1, { x: from(index) * 8, y: from(index) * 3.2 }))
    const flashing = film.map((rgb, index) => (index === 20 ? white : rgb)).slice(0, cut)
    for (const quiet of [turning, flashing])
      for (let first = 0; first < 30; first++)
        expect(await findShots(filmOf(quiet), { first, last: quiet.length - 1 })).toEqual([])
  })
})
