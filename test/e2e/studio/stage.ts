import { expect, type Page } from '@playwright/test'
import { toStage, viewTransform, type Point } from '../../../renderer/stage/view-transform.ts'

/** The picture as a person works in it: places are source pixels of the fitted picture. */
export interface Stage {
  /** Goes to a frame by its number and waits until its picture is there. */
  goToFrame(frameIndex: number): Promise<void>
  /** Prompts in any way, and waits for the answer. */
  prompt(by: () => Promise<void>): Promise<void>
  /** Clicks what belongs to the object, and waits for the answer. */
  click(place: Point): Promise<void>
  /** Alt-clicks what does not belong. */
  clickAway(place: Point): Promise<void>
  /** Drags from the first place through the others with the tool at hand, and waits for the answer. */
  drag(places: readonly Point[]): Promise<void>
  /** Where a source pixel is in the window. */
  inWindow(place: Point): Promise<Point>
}

/** `widthPx` and `heightPx` are those of the film. */
export function stageOf(page: Page, widthPx: number, heightPx: number): Stage {
  const surface = page.getByTestId('stage')
  const prompts = page.getByRole('list', { name: 'Prompts here' })

  async function inWindow(place: Point): Promise<Point> {
    const box = (await surface.boundingBox())!
    const transform = viewTransform(
      { zoom: null, centreX: 0, centreY: 0 },
      { widthPx, heightPx, pixelAspectRatio: 1 },
      { widthPx: Math.floor(box.width), heightPx: Math.floor(box.height), pixelRatio: 1 },
    )
    const onStage = toStage(transform, { x: place.x + 0.5, y: place.y + 0.5 })
    return { x: box.x + onStage.x, y: box.y + onStage.y }
  }

  const promptWords = async (): Promise<string> =>
    (await prompts.isVisible()) ? (await prompts.allInnerTexts()).join() : ''

  /** The answer is there when the list of prompts is another one and the model is no longer asked. */
  async function answered(prompt: () => Promise<void>): Promise<void> {
    const before = await promptWords()
    await prompt()
    await expect.poll(promptWords).not.toBe(before)
    await untilIdle(page)
  }

  async function clickAt(place: Point): Promise<void> {
    const { x, y } = await inWindow(place)
    await page.mouse.click(x, y)
  }

  return {
    inWindow,
    goToFrame: async (frameIndex) => {
      const field = page.getByRole('textbox', { name: 'Go to frame' })
      await field.fill(String(frameIndex))
      await field.press('Enter')
      await expect(surface).toHaveAttribute('data-shown-frame', String(frameIndex))
    },
    prompt: answered,
    click: (place) => answered(() => clickAt(place)),
    clickAway: (place) =>
      answered(async () => {
        await page.keyboard.down('Alt')
        await clickAt(place)
        await page.keyboard.up('Alt')
      }),
    drag: (places) =>
      answered(async () => {
        const [first, ...others] = await Promise.all(places.map(inWindow))
        await page.mouse.move(first!.x, first!.y)
        await page.mouse.down()
        for (const place of others) await page.mouse.move(place.x, place.y, { steps: 8 })
        await page.mouse.up()
      }),
  }
}

/** Waits until the last line says that everything is saved and that nothing is asked, encoded or read any more. */
export async function untilIdle(page: Page): Promise<void> {
  const line = page.getByRole('contentinfo')
  await expect(line.getByText('Saved', { exact: true })).toBeVisible()
  await expect(line.getByRole('status').first()).toBeEmpty()
}
