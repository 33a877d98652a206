import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { BOTTLES, cutBottles } from './studio/clips.ts'
import { docsPicture } from './studio/docs-picture.ts'
import { stageOf } from './studio/stage.ts'
import { expect, test } from './studio/studio.ts'

test('an object is found in a second video, taken, tracked, and taken back', async ({ studio }, testInfo) => {
  const source = join(studio.folder, 'monday.mp4')
  const target = join(studio.folder, 'shoots', 'june', 'tuesday.mp4')
  await mkdir(dirname(target), { recursive: true })
  await cutBottles(source, 1.1, 8)
  await cutBottles(target, 31.6, 8)
  await studio.open(source)
  const { page } = studio
  const stage = stageOf(page, BOTTLES.widthPx, BOTTLES.heightPx)
  await stage.goToFrame(5)
  await page.keyboard.press('b')
  await stage.drag(BOTTLES.middleBox)

  await page.keyboard.press('Shift+V')
  const dialog = page.getByRole('dialog', { name: 'Carry to other videos' })
  await expect(dialog.getByText('This project has no other video.')).toBeVisible()
  await studio.host.chooseFiles([target], () => dialog.getByRole('button', { name: 'Add video…' }).click())
  await expect(dialog.getByRole('switch', { name: 'tuesday' })).toBeChecked()
  const place = dialog.getByText('june/tuesday.mp4', { exact: true })
  await expect(place).toHaveAttribute('title', /shoots\/june\/tuesday\.mp4$/)
  await dialog.getByRole('button', { name: 'Search', exact: true }).click()
  const hit = dialog.getByRole('list', { name: 'Found' }).getByRole('listitem')
  await expect(hit).toHaveCount(1)
  await expect(hit).toContainText('Object 1')
  await expect(hit).toContainText('tuesday')
  const taken = hit.getByRole('switch')
  await expect(taken).toBeChecked()

  await docsPicture(page, 'carry', testInfo)

  // A hit that is turned down is not taken.
  await taken.click()
  await expect(dialog.getByRole('button', { name: 'Take 0 and track' })).toBeDisabled()
  await taken.click()
  await dialog.getByRole('button', { name: 'Take 1 and track' }).click()
  await expect(dialog).toBeHidden()
  await expect.poll(async () => (await studio.stored()).project.runs.at(-1)?.state).toBe('finished')
  const { project } = await studio.stored()
  const videoId = project.videos.find(({ name }) => name === 'tuesday')!.id
  const spans = project.spans.filter((span) => span.videoId === videoId)
  expect(Math.min(...spans.map(({ first }) => first))).toBe(0)
  expect(Math.max(...spans.map(({ last }) => last))).toBe(7)
  const origins = project.versions
    .filter((version) => version.videoId === videoId)
    .map(({ origin }) => origin)
  expect(origins).toEqual(['carry', 'track'])

  const spansLeft = async () =>
    (await studio.stored()).project.spans.filter((span) => span.videoId === videoId).length
  await page.keyboard.press('Control+z')
  await expect.poll(spansLeft).toBe(1)
  await page.keyboard.press('Control+z')
  await expect.poll(spansLeft).toBe(0)
})
