import { join } from 'node:path'
import type { TrackRun } from '../../electron/contract/tracking.ts'
import { runLengthIou } from '../../electron/engine/masks/run-length-sets.ts'
import { BOTTLES } from './studio/clips.ts'
import { trackOnCommandLine } from './studio/command-line-masks.ts'
import { stageOf } from './studio/stage.ts'
import { expect, test } from './studio/studio.ts'
import { chooseWay, markRange, track } from './studio/tracking.ts'

const FIRST = 36
const LAST = 44
const framesFrom = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)

test('both ways between the markers, with the masks that the command line gives', async ({ studio }) => {
  await studio.open(BOTTLES.path)
  const { page } = studio
  const { frame, middle } = BOTTLES
  const stage = stageOf(page, BOTTLES.widthPx, BOTTLES.heightPx)
  await markRange(page, stage, FIRST, LAST)
  await stage.goToFrame(frame)
  await stage.click(middle)
  await track(page, () => page.keyboard.press('t'))
  const stored = await studio.stored()
  expect(stored.frames('Object 1')).toEqual(framesFrom(FIRST, LAST))

  const point = ['--point', `${String(frame)}:${String(middle.x)},${String(middle.y)}`, '--size', '256']
  const forward = [...point, '--range', `${String(frame)}:${String(LAST)}`]
  const backward = [...point, '--range', `${String(FIRST)}:${String(frame)}`, '--reverse']
  const maskAfter = await trackOnCommandLine(BOTTLES.path, forward, join(studio.folder, 'after'))
  const maskBefore = await trackOnCommandLine(BOTTLES.path, backward, join(studio.folder, 'before'))
  for (const index of framesFrom(FIRST, LAST)) {
    const told = await (index < frame ? maskBefore : maskAfter)(index)
    expect(runLengthIou(stored.mask('Object 1', index)!, told, 1)).toBeGreaterThan(0.999)
  }
})

test('forward, backward, then a correction that tracks only what it can change', async ({ studio }) => {
  await studio.open(BOTTLES.path)
  const { page } = studio
  const stage = stageOf(page, BOTTLES.widthPx, BOTTLES.heightPx)
  await markRange(page, stage, FIRST, LAST)
  await stage.goToFrame(BOTTLES.frame)
  await stage.click(BOTTLES.middle)
  await track(page, () => chooseWay(page, 'Track forward'))
  expect((await studio.stored()).frames('Object 1')).toEqual(framesFrom(BOTTLES.frame, LAST))
  await track(page, () => chooseWay(page, 'Track backward'))
  const before = await studio.stored()
  expect(before.frames('Object 1')).toEqual(framesFrom(FIRST, LAST))

  await stage.goToFrame(42)
  await stage.click(BOTTLES.middleCap)
  await stage.goToFrame(43)
  const aside = page.getByRole('complementary', { name: 'Here and now' })
  await expect(aside.getByText('Tracked before the last correction')).toBeVisible()
  await stage.goToFrame(42)
  await track(page, () => page.keyboard.press('Shift+T'))
  const after = await studio.stored()
  // From the correction to the next keyframe on one side, which is looked at, to the track's end on the other.
  expect(after.project.runs.at(-1)).toMatchObject({ state: 'finished', framesDone: 5 })
  expect(after.project.spans.filter(({ stale }) => stale)).toEqual([])
  expect(after.frames('Object 1')).toEqual(framesFrom(FIRST, LAST))
  for (const index of framesFrom(FIRST, BOTTLES.frame))
    expect(after.mask('Object 1', index)).toEqual(before.mask('Object 1', index))
  expect(after.mask('Object 1', 43)).not.toEqual(before.mask('Object 1', 43))
})

test('a run pauses, takes a click meanwhile, goes on and is stopped', async ({ studio }) => {
  await studio.open(BOTTLES.path)
  const { page } = studio
  const line = page.getByRole('contentinfo')
  const stage = stageOf(page, BOTTLES.widthPx, BOTTLES.heightPx)
  const newestRun = async (): Promise<TrackRun> => (await studio.stored()).project.runs.at(-1)!
  await stage.goToFrame(BOTTLES.frame)
  await stage.click(BOTTLES.middle)

  await chooseWay(page, 'Track forward')
  await expect(line.getByText('Tracking 1 object')).toBeVisible()
  await expect.poll(async () => (await studio.stored()).frames('Object 1').length).toBeGreaterThan(2)
  await page.keyboard.press('Shift+Space')
  await expect(line.getByText('Paused, 1 object')).toBeVisible()
  const paused = await newestRun()
  expect(paused.framesDone).toBeGreaterThan(1)
  expect(paused.framesTotal).toBe(1188 - BOTTLES.frame)

  await stage.clickAway(BOTTLES.wall)
  await line.getByRole('button', { name: 'Resume' }).click()
  await expect(line.getByText('Tracking 1 object')).toBeVisible()
  await expect.poll(async () => (await newestRun()).framesDone).toBeGreaterThan(paused.framesDone)
  await line.getByRole('button', { name: 'Stop' }).click()
  await expect(line.getByRole('progressbar')).toBeHidden()
  const stopped = await studio.stored()
  expect(stopped.project.runs.at(-1)!.state).toBe('cancelled')
  expect(stopped.frames('Object 1').length).toBeGreaterThan(paused.framesDone)
})
