import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import { runLengthArea } from '../../electron/engine/masks/run-length-measures.ts'
import { BOTTLES, cutBottles } from './studio/clips.ts'
import { stageOf, untilIdle } from './studio/stage.ts'
import type { StoredProject } from './studio/stored-project.ts'
import { expect, test } from './studio/studio.ts'
import { markRange, track } from './studio/tracking.ts'

/** What undo has to bring back: everything but the history itself, numbers that only grow, and how it is looked at. */
function contentOf({ project, masks }: StoredProject) {
  const { objects, classes, prompts, presence, spans, videos, alternativeChoices } = project
  return { objects, classes, prompts, presence, spans, videos, alternativeChoices, masks }
}

test('strokes, prompts and tracks are undone to the beginning and redone to the end', async ({ studio }) => {
  await studio.open(BOTTLES.path)
  const { page } = studio
  const stage = stageOf(page, BOTTLES.widthPx, BOTTLES.heightPx)
  const undo = studio.button('Undo')
  const redo = studio.button('Redo')
  const contents: ReturnType<typeof contentOf>[] = []
  const remember = async (): Promise<void> => {
    contents.push(contentOf(await studio.stored()))
  }

  await markRange(page, stage, 38, 41)
  await stage.goToFrame(BOTTLES.frame)
  await remember()
  await stage.click(BOTTLES.middle)
  await remember()
  await stage.clickAway(BOTTLES.wall)
  await remember()
  await track(page, () => page.keyboard.press('t'))
  await remember()
  await page.keyboard.press('r')
  await stage.drag([BOTTLES.middleCap, { x: 330, y: 150 }])
  await remember()
  await page.keyboard.press('e')
  await stage.drag([BOTTLES.middle, { x: 315, y: 200 }])
  await remember()
  const areas = contents.map(({ masks }) =>
    masks.filter(({ frameIndex }) => frameIndex === BOTTLES.frame).map(({ mask }) => runLengthArea(mask)),
  )
  const [tracked, brushed, erased] = areas.slice(3).map(([area]) => area!)
  expect(brushed).toBeGreaterThan(tracked!)
  expect(erased).toBeLessThan(brushed!)

  /** The last line still says "Saved" until the engine heard of the step, so what is stored says when it was made. */
  const step = async (button: Locator, content: ReturnType<typeof contentOf>): Promise<void> => {
    await button.click()
    await expect(async () => {
      expect(contentOf(await studio.stored())).toEqual(content)
    }).toPass({ timeout: 20_000 })
    await untilIdle(page)
  }
  for (const content of contents.slice(0, -1).reverse()) await step(undo, content)
  for (const content of contents.slice(1)) await step(redo, content)
  await expect(redo).toHaveAttribute('aria-disabled', 'true')
})

test('objects are renamed, duplicated, merged and deleted, and undo brings all of them back', async ({
  studio,
}) => {
  await studio.open(BOTTLES.path)
  const { page } = studio
  const stage = stageOf(page, BOTTLES.widthPx, BOTTLES.heightPx)
  const rows = page.getByRole('list', { name: 'Objects' }).getByRole('listitem')
  await stage.goToFrame(BOTTLES.frame)
  await stage.click(BOTTLES.middle)
  await page.keyboard.press('F2')
  await page.getByRole('textbox', { name: 'Name of the object' }).fill('bottle')
  await page.keyboard.press('Enter')
  await expect(rows).toContainText(['bottle'])
  await page.keyboard.press('Control+d')
  await expect(rows).toHaveCount(2)
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+Shift+m')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Merge' }).click()
  await expect(rows).toHaveCount(1)
  await page.keyboard.press('Control+Delete')
  await expect(rows).toHaveCount(0)
  for (const count of [1, 2, 1]) {
    await page.keyboard.press('Control+z')
    await expect(rows).toHaveCount(count)
  }
  await expect(rows).toContainText(['bottle'])
  await untilIdle(page)
  expect((await studio.stored()).frames('bottle')).toEqual([BOTTLES.frame])
})

test('undo and redo show what they change in another video, which is fitted into the stage', async ({
  studio,
}) => {
  const second = join(studio.folder, 'second.mp4')
  await cutBottles(second, 1.1, 8)
  await studio.open(BOTTLES.path)
  const { page } = studio
  const stage = stageOf(page, BOTTLES.widthPx, BOTTLES.heightPx)
  const shown = page.getByRole('banner')
  await stage.goToFrame(BOTTLES.frame)
  await studio.host.chooseFiles([second], () => page.keyboard.press('Control+Shift+O'))
  await expect(shown.getByText(/^second ·/)).toBeVisible()
  const goTo = (name: string) => page.getByRole('button', { name: new RegExp(`^${name} ?[0-9]`) }).click()
  await goTo('bottles')
  await expect(shown.getByText(/^bottles ·/)).toBeVisible()
  await stage.goToFrame(BOTTLES.frame)
  await stage.click(BOTTLES.middle)

  const zoom = page.getByRole('button', { name: /^[0-9.]+ ?%$/ })
  const fitted = await zoom.innerText()
  await page.keyboard.press('=')
  await expect(zoom).not.toHaveText(fitted)
  await goTo('second')
  await expect(zoom).toHaveText(fitted)

  const prompts = page.getByRole('list', { name: 'Prompts here' })
  await studio.button('Undo').click()
  await expect(shown.getByText(/^bottles ·/)).toBeVisible()
  await expect(page.getByTestId('stage')).toHaveAttribute('data-shown-frame', String(BOTTLES.frame))
  await expect(prompts).toBeHidden()
  await goTo('second')
  await expect(shown.getByText(/^second ·/)).toBeVisible()
  await studio.button('Redo').click()
  await expect(shown.getByText(/^bottles ·/)).toBeVisible()
  await expect(prompts.getByRole('listitem')).toHaveCount(1)
})
