// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { effectScope } from 'vue'
import { decodeMask } from '../masks/run-length.ts'
import { useMasks } from '../stores/masks.ts'
import { useSelection } from '../stores/selection.ts'
import { openStudio } from '../testing/open-studio.ts'
import { maskRecord } from '../testing/project-fixture.ts'
import { useMaskPainting } from './use-mask-painting.ts'

const STORED_PX = 4
const TIDIED_PX = 20
/** The last pixel of the fixture's picture of 8 x 6. */
const LAST = { x: 7.5, y: 5.5 }

async function brushInHand() {
  const { host } = await openStudio()
  host.answer('masks.get', ({ span, cleaned }) => ({
    revision: 1,
    masks: [maskRecord(1, span.first, cleaned ? TIDIED_PX : STORED_PX)],
    nextFrame: null,
  }))
  host.answer('prompt.setMask', () => ({ revision: 1, promptId: 5, answer: null }))
  const selection = useSelection()
  selection.tool = 'brush'
  selection.brushSizePx = 1
  await useMasks().ensure(1, { first: 0, last: 0 })
  const painting = effectScope().run(() => useMaskPainting(() => undefined))!
  const pixels = (): number[] =>
    host
      .paramsOf('prompt.setMask')
      .map(({ mask }) => decodeMask(mask).pixels.reduce((sum, pixel) => sum + pixel, 0))
  return { host, painting, selection, pixels }
}

test('a stroke changes the mask that is stored, and nothing of the clean-up gets into it', async () => {
  const { painting, pixels } = await brushInHand()
  painting.beginStroke()
  painting.stroke(LAST, LAST, 1)
  await painting.endStroke(1)
  expect(pixels()).toEqual([STORED_PX + 1])
  expect(painting.painting.value).toBeNull()
})

test('a stroke that follows before the answer goes on from the one before', async () => {
  const { painting, pixels } = await brushInHand()
  painting.beginStroke()
  painting.stroke(LAST, LAST, 1)
  const first = painting.endStroke(1)
  painting.beginStroke()
  painting.stroke({ x: 6.5, y: 5.5 }, { x: 6.5, y: 5.5 }, 1)
  await Promise.all([first, painting.endStroke(1)])
  expect(pixels()).toEqual([STORED_PX + 1, STORED_PX + 2])
})

test('a stroke belongs to the frame that it was made on, however soon the next one is looked at', async () => {
  const { host, painting, selection } = await brushInHand()
  painting.beginStroke()
  painting.stroke(LAST, LAST, 1)
  const ended = painting.endStroke(1)
  selection.goToFrame(7)
  await ended
  expect(host.paramsOf('prompt.setMask')).toMatchObject([{ objectId: 1, frameIndex: 0 }])
})
