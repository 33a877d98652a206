import type { Page } from '@playwright/test'
import { pick } from './seeded-random.ts'

const FRAMES = 30
const LONGEST_PAUSE_MS = 120

type Deed = (page: Page, random: () => number) => Promise<void>

async function stagePlace(page: Page, random: () => number): Promise<{ x: number; y: number }> {
  const box = (await page.getByTestId('stage').boundingBox({ timeout: 5_000 }))!
  return { x: box.x + box.width * (0.25 + 0.5 * random()), y: box.y + box.height * (0.3 + 0.4 * random()) }
}

const press =
  (key: string): Deed =>
  (page) =>
    page.keyboard.press(key)

const deeds: readonly Deed[] = [
  press('n'),
  press('t'),
  press('t'),
  press('Shift+Space'),
  press('x'),
  press('i'),
  press('o'),
  press('Control+z'),
  press('Control+Shift+z'),
  press('ArrowDown'),
  press('Shift+ArrowRight'),
  async (page, random) => {
    await page.locator('input.frame').fill(String(Math.floor(random() * FRAMES)), { timeout: 5_000 })
    await page.keyboard.press('Enter')
  },
  ...Array.from({ length: 5 }, (): Deed => async (page, random) => {
    const { x, y } = await stagePlace(page, random)
    await page.keyboard.press('p')
    await page.mouse.click(x, y)
  }),
  async (page, random) => {
    const from = await stagePlace(page, random)
    const to = await stagePlace(page, random)
    await page.keyboard.press(pick(random, ['b', 'r', 'l']))
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await page.mouse.move(to.x, to.y, { steps: 5 })
    await page.mouse.up()
  },
  async (page, random) => {
    await page.keyboard.press('F2')
    await page.keyboard.type(`name ${Math.floor(random() * 1_000)}`)
    await page.keyboard.press('Enter')
  },
]

/** Works in the studio like a hasty person, until the page is gone or `isOver` says so. */
export async function workHastily(page: Page, random: () => number, isOver: () => boolean): Promise<void> {
  try {
    await page.keyboard.press('n')
    while (!isOver()) {
      await pick(random, deeds)(page, random)
      await page.waitForTimeout(random() * LONGEST_PAUSE_MS)
    }
  } catch (error) {
    // What the hand worked on was taken away under it.
    if (!isOver()) throw error
  }
}
