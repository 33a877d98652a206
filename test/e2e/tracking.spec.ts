import { join } from 'node:path'
import { runLengthIou } from '../../electron/engine/masks/run-length-sets.ts'
import { BOTTLES } from './studio/clips.ts'
import { trackOnCommandLine } from './studio/command-line-masks.ts'
import { stageOf } from './studio/stage.ts'
import { expect, test } from './studio/studio.ts'
import { chooseWay, markRange, track } from './studio/tracking.ts'

const [FIRST, LAST] = [34, 46]
const framesFrom = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)

test('both ways between the markers, as the command line does', async ({ studio }) => {
  await studio.open(BOTTLES.path)
  const stage = stageOf(studio.page, BOTTLES.widthPx, BOTTLES.heightPx)
  await markRange(studio.page, stage, FIRST, LAST)
  await stage.goToFrame(BOTTLES.frame)
  await stage.click(BOTTLES.middle)
  await track(studio.page, () => studio.page.keyboard.press('t'))
  const stored = await studio.stored()
  expect(stored.frames('Object 1')).toEqual(framesFrom(FIRST, LAST))

  const { x, y } = BOTTLES.middle
  const point = ['--point', `${String(BOTTLES.frame)}:${String(x)},${String(y)}`]
  const range = ['--range', `${String(FIRST)}:${String(LAST)}`, '--both', '--size', '256']
  const maskOf = await trackOnCommandLine(BOTTLES.path, [...point, ...range], join(studio.folder, 'out'))
  for (const frame of framesFrom(FIRST, LAST)) {
    const agreement = runLengthIou(stored.mask('Object 1', frame)!, await maskOf(frame), 1)
    console.log(frame, agreement)
  }
})

test('forward, backward, pause, correct and track the correction', async ({ studio }) => {
  await studio.open(BOTTLES.path)
  const { page } = studio
  const stage = stageOf(page, BOTTLES.widthPx, BOTTLES.heightPx)
  await markRange(page, stage, FIRST, LAST)
  await stage.goToFrame(BOTTLES.frame)
  await stage.click(BOTTLES.middle)
  await track(page, () => chooseWay(page, 'Track forward'))
  expect((await studio.stored()).frames('Object 1')).toEqual(framesFrom(BOTTLES.frame, LAST))
  await track(page, () => chooseWay(page, 'Track backward'))
  expect((await studio.stored()).frames('Object 1')).toEqual(framesFrom(FIRST, LAST))
  await page.screenshot({ path: '/tmp/shots/t1.png' })
  await stage.goToFrame(43)
  await stage.click(BOTTLES.middleCap)
  await page.screenshot({ path: '/tmp/shots/t2.png' })
  await track(page, () => page.keyboard.press('Shift+T'))
  await page.screenshot({ path: '/tmp/shots/t3.png' })
  const s= await studio.stored()
  console.log(s.project.runs, s.project.spans)
})
