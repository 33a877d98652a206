import { describe, expect, it } from 'vitest'
import type { ShotBoundary } from '../../contract/project.ts'
import { frameOf, mixed, sceneFrom, withLight } from '../video/scene-fixture.ts'
import { ShotWatch, type NewShot } from './shot-watch.ts'

const scenes = [1, 2, 3].map((scene) => sceneFrom(scene))
const cut = 20
const film = Array.from({ length: 40 }, (_, index) => frameOf(scenes[index < cut ? 0 : 1]!, index))

type KnownShot = Pick<ShotBoundary, 'frameIndex' | 'kind' | 'source'>
const detected = (frameIndex: number): KnownShot => ({ frameIndex, kind: 'cut', source: 'detected' })
const byHand = (frameIndex: number): KnownShot => ({ frameIndex, kind: 'cut', source: 'user' })

function foundBy(watch: ShotWatch, frames: typeof film): NewShot[] {
  return frames.flatMap((frame) => {
    const found = watch.look(frame)
    if (found !== null) watch.add(found)
    return found ?? []
  })
}

describe('shots on the way of a walk', () => {
  it('are found at the same frame forwards and backwards', () => {
    for (const reverse of [false, true]) {
      const watch = new ShotWatch([], reverse)
      const found = foundBy(watch, reverse ? film.toReversed() : film)
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
        const found = foundBy(watch, leg)
        expect(found).toMatchObject([{ frameIndex: cut, kind: 'cut' }])
      }
    }
  })

  describe('with two hard cuts ten frames apart', () => {
    const cuts = [16, 26]
    const twice = Array.from({ length: 38 }, (_, index) =>
      frameOf(scenes[index < 16 ? 0 : index < 26 ? 1 : 2]!, index),
    )
    const found = (known: readonly KnownShot[], reverse: boolean): number[] =>
      foundBy(new ShotWatch(known, reverse), reverse ? twice.toReversed() : twice)
        .map(({ frameIndex }) => frameIndex)
        .sort((a, b) => a - b)

    it('are both found, forwards and backwards, whichever was found before', () => {
      for (const reverse of [false, true]) {
        expect(found([], reverse)).toEqual(cuts)
        expect(found([detected(16)], reverse)).toEqual([26])
        expect(found([detected(26)], reverse)).toEqual([16])
      }
    })

    it('are found beside one that a person put exactly on the other, even before the walk', async () => {
      expect(found([byHand(16)], false)).toEqual([26])
      expect(found([byHand(26)], true)).toEqual([16])
      const watch = new ShotWatch([byHand(16)], false)
      await watch.lookBack(20, twice.length, (frameIndex) => Promise.resolve(twice[frameIndex]!))
      expect(foundBy(watch, twice.slice(20))).toMatchObject([{ frameIndex: 26 }])
    })
  })

  it('are not found again near one that a person moved, nor a fade from its other side', () => {
    for (const known of [
      byHand(cut + 1),
      byHand(cut - 11),
      { ...detected(cut + 11), kind: 'fade' as const },
    ]) {
      const watch = new ShotWatch([known], false)
      expect(foundBy(watch, film)).toEqual([])
      expect(watch.beginsAt(known.frameIndex)).toBe(true)
      expect(watch.beginsAt(cut)).toBe(false)
    }
  })

  it.each([12, 16, 20, 30])(
    'are found once where %i frames fade into each other, whichever way',
    (length) => {
      const fade = Array.from({ length: 90 }, (_, index) => {
        const part = Math.min(Math.max((index - 30) / length, 0), 1)
        return frameOf(mixed(scenes[0]!, scenes[1]!, part), index)
      })
      for (const reverse of [false, true]) {
        const [there, back] = reverse ? [fade.toReversed(), fade] : [fade, fade.toReversed()]
        const found = foundBy(new ShotWatch([], reverse), there)
        expect(found).toMatchObject([{ kind: 'fade' }])
        const known = found.map((shot): KnownShot => ({ ...shot, source: 'detected' }))
        expect(foundBy(new ShotWatch(known, !reverse), back)).toEqual([])
      }
    },
  )

  it('are found once where a flash lies between two scenes, forwards and backwards', () => {
    const flashed = film.map((frame, index) =>
      index >= cut && index < cut + 5 ? { ...frame, rgb: withLight(frame.rgb, 4, 80) } : frame,
    )
    expect(foundBy(new ShotWatch([], false), flashed)).toMatchObject([{ frameIndex: cut, kind: 'cut' }])
    expect(foundBy(new ShotWatch([], true), flashed.toReversed())).toMatchObject([{ frameIndex: cut + 5 }])
    expect(foundBy(new ShotWatch([detected(cut)], true), flashed.toReversed())).toEqual([])
  })

  it('do not begin where the run does not want them', () => {
    const watch = new ShotWatch([], false)
    expect(film.flatMap((frame) => watch.look(frame) ?? [])).toHaveLength(1)
    expect(watch.beginsAt(cut)).toBe(false)
  })
})
