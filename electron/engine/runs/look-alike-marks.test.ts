import { afterEach, beforeEach, expect, it } from 'vitest'
import { runLengthArea } from '../masks/run-length-measures.ts'
import { intersectRunLength } from '../masks/run-length-sets.ts'
import { testFolder } from '../project/store-fixture.ts'
import { trackDiscs, type DiscFilm } from '../../../test/fixtures/disc-run.ts'

let folder: string
let remove: () => void
beforeEach(() => {
  ;({ folder, remove } = testFolder())
})
afterEach(() => remove())

it.each([
  [false, []],
  [true, []],
  [false, [14]],
  [true, [12, 14, 16]],
])(
  'two objects that come to lie on each other are a warning once a run, divided: %s, paused on: %j',
  async (divided, pausedOn) => {
    const film: DiscFilm = {
      objectCount: 2,
      discsAt: (frameIndex) => {
        const aside = Math.max(0, 70 - 6 * frameIndex)
        return [-1, 1].map((side) => ({ x: 160 + side * aside, y: 90, radius: 40 }))
      },
    }
    const { masks, suspicions, pauses, lookAlikeFrames } = await trackDiscs(folder, film, {
      tracking: { exclusiveObjects: divided },
      pausedOn,
    })
    expect(pauses).toBe(pausedOn.length)
    expect(lookAlikeFrames).toHaveLength(1)
    const met = lookAlikeFrames[0]!
    expect(suspicions.some((frames) => frames[met]! >= 0.5)).toBe(true)
    const [one, other] = masks.map((frames) => frames[met]!)
    expect(runLengthArea(intersectRunLength(one!, other!)) === 0).toBe(divided)
  },
)
