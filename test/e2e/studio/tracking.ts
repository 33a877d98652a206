import { expect, type Page } from '@playwright/test'
import type { Stage } from './stage.ts'
import { untilIdle } from './stage.ts'

/** Sets in and out markers by going to the frames and pressing their keys. */
export async function markRange(page: Page, stage: Stage, first: number, last: number): Promise<void> {
  await stage.goToFrame(first)
  await page.keyboard.press('i')
  await stage.goToFrame(last)
  await page.keyboard.press('o')
  await expect(page.getByRole('button', { name: `In ${String(first)} · Out ${String(last)}` })).toBeVisible()
}

/** Starts a run and waits for its end: its progress comes into the last line, and leaves it. */
export async function track(page: Page, start: () => Promise<void>): Promise<void> {
  const progress = page.getByRole('contentinfo').getByRole('progressbar')
  const begun = progress.waitFor()
  await start()
  await begun
  await expect(progress).toBeHidden({ timeout: 180_000 })
  await untilIdle(page)
}

/** Chooses one of the ways in the menu beside the Track button. */
export async function chooseWay(page: Page, way: string): Promise<void> {
  await page.getByRole('button', { name: 'More ways to track' }).click()
  await page.getByRole('menuitem', { name: way }).click()
}
