import { describe, expect, it } from 'vitest'
import { ShotWatch } from './shot-watch.ts'

const widthPx = 96
const heightPx = 56

/** A scene of its own pattern that stands still; its light flickers a little. */
function frameOf(scene: number, frameIndex: number) {
  const rgb = new Uint8Array(widthPx * heightPx * 3)
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++) {
      const across = Math.sin(x / (6 + 7 * scene) + scene)
      const down = Math.cos(y / (5 + 3 * scene) + 2 * scene)
      rgb.fill(128 + (frameIndex % 3) + 100 * across * down, (y * widthPx + x) * 3, (y * widthPx + x) * 3 + 3)
    }
  return { frameIndex, timeSeconds: frameIndex / 25, rgb, widthPx, heightPx }
}

const cut = 20
const film = Array.from({ length: 40 }, (_, index) => frameOf(index < cut ? 1 : 3, index))

describe('shots on the way of a walk', () => {
  it('are found at the same frame forwards and backwards', () => {
    for (const reverse of [false, true]) {
      const watch = new ShotWatch([], reverse)
      const found = (reverse ? film.toReversed() : film).flatMap((frame) => watch.look(frame) ?? [])
      expect(found).toMatchObject([{ frameIndex: cut, kind: 'cut' }])
      expect(film.filter(({ frameIndex }) => watch.beginsAt(frameIndex))).toHaveLength(1)
      expect(watch.beginsAt(reverse ? cut - 1 : cut)).toBe(true)
    }
  })

  it('are found on the first frames of a leg in the middle of a video', async () => {
    const pictureAt = (frameIndex: number) => Promise.resolve(film[frameIndex]!)
    for (const reverse of [false, true]) {
      for (let before = 0; before < 6; before++) {
        const watch = new ShotWatch([], reverse)
        const first = reverse ? cut - 1 + before : cut - before
        await watch.lookBack(first, film.length, pictureAt)
        const leg = reverse ? film.slice(0, first + 1).reverse() : film.slice(first)
        const found = leg.flatMap((frame) => watch.look(frame) ?? [])
        expect(found).toMatchObject([{ frameIndex: cut, kind: 'cut' }])
      }
    }
  })

  it('are not found again beside one that is known', () => {
    const watch = new ShotWatch([cut + 1], false)
    expect(film.flatMap((frame) => watch.look(frame) ?? [])).toEqual([])
    expect(watch.beginsAt(cut + 1)).toBe(true)
  })
})
