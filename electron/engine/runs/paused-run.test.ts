import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isRunLengthEmpty } from '../masks/run-length-measures.ts'
import { testFolder } from '../project/store-fixture.ts'
import { frameCount, likeness, trackDiscs, type DiscFilm } from '../../../test/fixtures/disc-run.ts'

let folder: string
let remove: () => void
beforeEach(() => {
  ;({ folder, remove } = testFolder())
})
afterEach(() => remove())

describe('a run that was paused', () => {
  it('while the object was gone sees it where the run in one go does', async () => {
    const [goneFrom, backOn] = [6, 20]
    // Something else is there that an object may be taken for of which nothing is known.
    const other = { x: 250, y: 60, radius: 20 }
    const film: DiscFilm = {
      discsAt: (frameIndex) =>
        frameIndex >= goneFrom && frameIndex < backOn
          ? [other]
          : [{ x: 100 + 2 * frameIndex, y: 110, radius: 36 }, other],
    }
    const whole = (await trackDiscs(folder, film)).masks[0]!
    // Once with frames that show it close by, once when the last of them is out of the bank's reach.
    const { masks, pauses } = await trackDiscs(folder, film, { pausedOn: [goneFrom + 3, goneFrom + 11] })
    expect(pauses).toBe(2)
    const seen = Array.from({ length: frameCount }, (_, at) => at < goneFrom || at >= backOn)
    expect(whole.map((mask) => !isRunLengthEmpty(mask))).toEqual(seen)
    expect(masks[0]!.map((mask) => !isRunLengthEmpty(mask))).toEqual(seen)
    expect(likeness(masks[0]!, whole)).toBeGreaterThan(0.9)
  })

  it('just before a cut finds it', async () => {
    const cut = 12
    const left = { x: 0, y: 90, radius: 160 }
    const corners = [0, 160, 320].map((x) => ({ x, y: x === 160 ? 180 : 0, radius: 90 }))
    const film: DiscFilm = {
      discsAt: (frameIndex) => [{ x: 240, y: 90, radius: 30 }, ...(frameIndex < cut ? [left] : corners)],
    }
    const { pauses, shotStarts } = await trackDiscs(folder, film, { pausedOn: [cut - 2] })
    expect(pauses).toBe(1)
    expect(shotStarts).toEqual([cut])
  })

  it('goes on looking at a small object from nearer by', async () => {
    // So large that a view is kept, but none is begun on the way.
    const film: DiscFilm = { discsAt: (frameIndex) => [{ x: 100 + 3 * frameIndex, y: 90, radius: 14 }] }
    const whole = (await trackDiscs(folder, film)).masks[0]!
    const { masks, pauses } = await trackDiscs(folder, film, { pausedOn: [11] })
    expect(pauses).toBe(1)
    expect(whole.some(isRunLengthEmpty)).toBe(false)
    expect(likeness(masks[0]!, whole)).toBeGreaterThan(0.9)
  })
})
