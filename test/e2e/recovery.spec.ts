import { join } from 'node:path'
import { BOTTLES } from './studio/clips.ts'
import { stageOf, untilIdle, type Stage } from './studio/stage.ts'
import { expect, test, type Studio } from './studio/studio.ts'
import { chooseWay, markRange, track } from './studio/tracking.ts'

/** Labels a little: two objects, a track, a stroke. */
async function label(studio: Studio): Promise<Stage> {
  const { page } = studio
  const stage = stageOf(page, BOTTLES.widthPx, BOTTLES.heightPx)
  await markRange(page, stage, 38, 41)
  await stage.goToFrame(BOTTLES.frame)
  await stage.click(BOTTLES.middle)
  await page.keyboard.press('n')
  await page.keyboard.press('b')
  await stage.drag(BOTTLES.leftBox)
  await track(page, () => page.keyboard.press('t'))
  await page.keyboard.press('r')
  await stage.drag([BOTTLES.leftBox[0], { x: 90, y: 120 }])
  return stage
}

test('save, kill the engine, kill the host, open again: everything is there', async ({ studio }) => {
  await studio.open(BOTTLES.path)
  const stage = await label(studio)
  const path = join(studio.folder, 'kept.maskwright')
  await studio.host.nameFile(path, () => studio.page.keyboard.press('Control+Shift+s'))
  await expect(studio.page.getByText('Everything is saved')).toBeHidden()
  await untilIdle(studio.page)
  const saved = await studio.stored(path)
  expect(saved.frames('Object 1')).toEqual([38, 39, 40, 41])

  studio.expectFault(/Failed to load resource|WebSocket connection/)
  process.kill(await studio.host.engineProcessId(), 'SIGKILL')
  await expect(studio.page.getByText('The engine stopped and was started again.')).toBeVisible()
  await untilIdle(studio.page)
  const afterEngine = await studio.stored(path)
  expect(afterEngine.project.prompts).toEqual(saved.project.prompts)
  expect(afterEngine.masks).toEqual(saved.masks)
  // And it goes on: undo of what was done before, and a click.
  await studio.page.keyboard.press('Control+z')
  await untilIdle(studio.page)
  await studio.page.keyboard.press('Control+Shift+z')
  await untilIdle(studio.page)
  await studio.page.keyboard.press('p')
  await stage.goToFrame(41)
  await stage.click({ x: 90, y: 200 })
  const clicked = await studio.stored(path)

  await studio.host.kill()
  await studio.open(path)
  await untilIdle(studio.page)
  const reopened = await studio.stored(path)
  expect(reopened.project.objects).toEqual(clicked.project.objects)
  expect(reopened.project.prompts).toEqual(clicked.project.prompts)
  expect(reopened.project.spans).toEqual(clicked.project.spans)
  expect(reopened.masks).toEqual(clicked.masks)
  await expect(studio.page.getByRole('list', { name: 'Objects' }).getByRole('listitem')).toHaveCount(2)
  await expect(studio.page.getByRole('textbox', { name: 'Go to frame' })).toHaveValue('41')
  await expect(studio.button('Undo')).not.toHaveAttribute('aria-disabled', 'true')
})

test('a run that a killed host interrupted is resumed', async ({ studio }) => {
  await studio.open(BOTTLES.path)
  const stage = stageOf(studio.page, BOTTLES.widthPx, BOTTLES.heightPx)
  await stage.goToFrame(BOTTLES.frame)
  await stage.click(BOTTLES.middle)
  await chooseWay(studio.page, 'Track forward')
  const tracked = async () => (await studio.stored()).frames('Object 1').length
  await expect.poll(tracked).toBeGreaterThan(2)
  studio.expectFault(/Failed to load resource|WebSocket connection/)
  await studio.host.kill()

  await studio.open(studio.projectPath())
  const line = studio.page.getByRole('contentinfo')
  await expect(line.getByText('Tracking was interrupted')).toBeVisible()
  const before = await tracked()
  await line.getByRole('button', { name: 'Resume' }).click()
  await expect.poll(tracked).toBeGreaterThan(before)
  await line.getByRole('button', { name: 'Stop' }).click()
  await expect(line.getByRole('progressbar')).toBeHidden()
})
