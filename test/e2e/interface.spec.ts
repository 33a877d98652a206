import { copyFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { BOTTLES } from './studio/clips.ts'
import { dropFile } from './studio/drop-file.ts'
import { stageOf, untilIdle } from './studio/stage.ts'
import { expect, test } from './studio/studio.ts'

test('an object is labelled and found again with the keyboard alone', async ({ studio }) => {
  await studio.open(BOTTLES.path)
  const { page } = studio
  const stage = stageOf(page, BOTTLES.widthPx, BOTTLES.heightPx)
  const surface = page.getByTestId('stage')
  await expect(surface).toHaveAttribute('data-shown-frame', '0')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('ArrowRight')
  await expect(surface).toHaveAttribute('data-shown-frame', '11')
  await surface.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText('Arrow keys move, Enter adds a point')).toBeVisible()
  await stage.prompt(() => page.keyboard.press('Enter'))
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await stage.prompt(() => page.keyboard.press('Alt+Enter'))
  await page.keyboard.press('Escape')
  const stored = await studio.stored()
  expect(stored.project.prompts.map((prompt) => prompt.kind === 'point' && prompt.label)).toEqual([1, 0])
  expect(stored.frames('Object 1')).toEqual([11])
  await page.keyboard.press('Home')
  await expect(surface).toHaveAttribute('data-shown-frame', '0')
  await page.keyboard.press('k')
  await expect(surface).toHaveAttribute('data-shown-frame', '11')
})

test('the palette finds actions, the help sheet names their keys', async ({ studio }) => {
  await studio.open(BOTTLES.path)
  const { page } = studio
  await expect(page.getByTestId('stage')).toHaveAttribute('data-shown-frame', '0')
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('textbox').fill('mattes')
  await page.keyboard.press('Enter')
  await expect(studio.button('Mattes')).toBeVisible()
  await page.keyboard.press('Shift+?')
  const sheet = page.getByRole('dialog', { name: 'Keys and help' })
  await expect(sheet.getByText('Track this correction')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
})

test('the licences of everything inside are an action away', async ({ studio, hostKind }) => {
  // Electron hands the page to the system's browser, which no test sees.
  test.skip(hostKind !== 'browser', 'only the browser host serves the page')
  await studio.open(BOTTLES.path)
  const { page } = studio
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('textbox').fill('licences')
  const opened = page.context().waitForEvent('page')
  await page.keyboard.press('Enter')
  const licences = await opened
  await expect(licences.getByRole('heading', { name: 'What Maskwright is made of' })).toBeVisible()
  const runtime = licences.locator('details', { hasText: 'onnxruntime-node' }).first()
  await runtime.locator('summary').click()
  await expect(runtime.locator('pre')).toContainText('Permission is hereby granted, free of charge')
  await expect(runtime.locator('pre')).toHaveCSS('white-space', 'pre-wrap')
})

test('settings and the look outlive a restart', async ({ studio }) => {
  await studio.open(BOTTLES.path)
  const { page } = studio
  await page.keyboard.press('Control+,')
  const dialog = page.getByRole('dialog', { name: 'Settings' })
  await dialog
    .getByRole('button', { name: 'Light' })
    .or(dialog.getByRole('radio', { name: 'Light' }))
    .click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  // The page shows a choice at once; it is kept when it is on disk.
  await expect.poll(() => studio.storedSettings()).toMatchObject({ theme: 'light' })
  await page.keyboard.press('Escape')
  await studio.host.close()
  await studio.open(BOTTLES.path)
  await expect(studio.page.locator('html')).toHaveAttribute('data-theme', 'light')
})

test('a dropped film is opened, or the window says how to', async ({ studio }) => {
  await studio.open(BOTTLES.path)
  const { page } = studio
  await expect(page.getByTestId('stage')).toHaveAttribute('data-shown-frame', '0')
  const path = join(studio.folder, 'dropped.mp4')
  await copyFile(BOTTLES.path, path)
  await dropFile(page, path)
  if (studio.host.kind === 'browser') {
    // A page does not learn where a dropped file lies; the notice leads to the file browser.
    const notice = page.getByRole('region', { name: 'Notices' })
    await studio.host.chooseFiles([path], () => notice.getByRole('button', { name: 'Add video…' }).click())
  }
  await expect(page.getByRole('banner').getByText(/^dropped ·/)).toBeVisible()
})

test('a film that was moved is found again, with all that was labelled', async ({ studio }) => {
  const [here, there] = [join(studio.folder, 'here.mp4'), join(studio.folder, 'there.mp4')]
  await copyFile(BOTTLES.path, here)
  await studio.open(here)
  const stage = stageOf(studio.page, BOTTLES.widthPx, BOTTLES.heightPx)
  await stage.goToFrame(BOTTLES.frame)
  await stage.click(BOTTLES.middle)
  const before = await studio.stored()
  const project = studio.projectPath()
  await studio.host.close()
  await rename(here, there)

  await studio.open(project)
  const { page } = studio
  const dialog = page.getByRole('dialog', { name: /^Where is/ })
  await studio.host.chooseFiles([there], () => dialog.getByRole('button', { name: 'Choose file…' }).click())
  await expect(dialog).toBeHidden()
  await expect(page.getByTestId('stage')).toHaveAttribute('data-shown-frame', String(BOTTLES.frame))
  await untilIdle(page)
  const after = await studio.stored()
  expect(after.masks).toEqual(before.masks)
  expect(after.project.prompts).toEqual(before.project.prompts)
})
