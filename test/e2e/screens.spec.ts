import type { Page } from '@playwright/test'
import { DEFAULT_SETTINGS } from '../../electron/contract/settings.ts'
import { BOTTLES } from './studio/clips.ts'
import { docsPicture } from './studio/docs-picture.ts'
import { stageOf, untilIdle } from './studio/stage.ts'
import { expect, test } from './studio/studio.ts'
import { markRange } from './studio/tracking.ts'

// Most pictures of docs/screens; `npm run e2e -- --update-snapshots` writes all of them anew.
/** All three stand still here; a hand takes the left bottle out of the picture before the out marker. */
const FRAME = 160
const MARKERS = { first: 150, last: 212 }
const LEFT_BOTTLE = [
  { x: 89, y: 240 },
  { x: 92, y: 140 },
]
const MIDDLE_BOTTLE = [
  { x: 283, y: 105 },
  { x: 350, y: 314 },
]
const RIGHT_BOTTLE = [
  { x: 507, y: 105 },
  { x: 572, y: 314 },
]

async function nameNewObject(page: Page, name: string): Promise<void> {
  await page.keyboard.press('n')
  await expect(page.getByRole('button', { name: /^Object / })).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('F2')
  await page.getByRole('textbox', { name: 'Name of the object' }).fill(name)
  await page.keyboard.press('Enter')
}

async function runAction(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('textbox').fill(words)
  await page.keyboard.press('Enter')
}

test.use({ settings: { inputSizePx: DEFAULT_SETTINGS.inputSizePx, showHints: true } })

test('the pictures that show the studio', async ({ studio }, testInfo) => {
  test.setTimeout(600_000)
  const picture = (page: Page, name: string): Promise<void> => docsPicture(page, name, testInfo)

  await studio.open(BOTTLES.path)
  const { page } = studio
  const stage = stageOf(page, BOTTLES.widthPx, BOTTLES.heightPx)
  await markRange(page, stage, MARKERS.first, MARKERS.last)
  await stage.goToFrame(FRAME)
  await nameNewObject(page, 'left bottle')
  await page.keyboard.press('p')
  for (const point of LEFT_BOTTLE) await stage.click(point)
  for (const [name, box] of [
    ['middle bottle', MIDDLE_BOTTLE],
    ['right bottle', RIGHT_BOTTLE],
  ] as const) {
    await nameNewObject(page, name)
    await page.keyboard.press('b')
    await stage.drag(box)
  }
  await page.keyboard.press('p')
  await page.keyboard.press('1')
  await page.getByTestId('timeline').focus()
  for (let step = 0; step < 6; step++) await page.keyboard.press('=')
  await page.getByTestId('timeline').blur()
  await page.mouse.move(0, 0)
  await untilIdle(page)
  await picture(page, 'prompting')

  await page.keyboard.press('t')
  const progress = page.getByRole('contentinfo').getByRole('progressbar')
  const framesDone = async (): Promise<number> => Number(await progress.getAttribute('aria-valuenow'))
  await expect.poll(framesDone, { timeout: 300_000 }).toBeGreaterThan(40)
  await picture(page, 'tracking')
  await expect(progress).toBeHidden({ timeout: 300_000 })
  await stage.goToFrame(190)
  await untilIdle(page)
  await page.keyboard.press('s')
  await expect(page.getByText(/^Suspect: /)).toBeVisible()
  await untilIdle(page)
  await picture(page, 'review')

  await page.keyboard.press('Control+e')
  await expect(page.getByRole('img', { name: 'Preview' })).toBeVisible()
  await picture(page, 'export')
  await page.keyboard.press('Escape')

  await runAction(page, 'dark or light')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await stage.goToFrame(FRAME)
  await untilIdle(page)
  await picture(page, 'light')
  await runAction(page, 'dark or light')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')

  await runAction(page, 'close project')
  await expect(page.getByRole('heading', { name: 'Maskwright' })).toBeVisible()
  await expect(page.getByText('Recent projects')).toBeVisible()
  await picture(page, 'start')
})
