import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'

const SEEKS = 20
const CLICKS = 20
const COLUMNS = 8
const PLAY_SECONDS = 8

/** Lets a page note when things happen in it. */
export async function installProbe(page: Page): Promise<void> {
  await page.addInitScript({ path: fileURLToPath(new URL('page-probe.js', import.meta.url)) })
}

export async function firstPicture(page: Page): Promise<void> {
  await page.evaluate('probe.pictureAfter(-1)')
}

/** Forgets which frames came onto the stage. */
export async function forgetShown(page: Page): Promise<void> {
  await page.evaluate('probe.shown = []')
}

/** Types a frame number; milliseconds until that frame is painted. */
function seek(page: Page, frameIndex: number): Promise<number> {
  return page.evaluate<number>(`probe.seek(${frameIndex})`)
}

/** Milliseconds between the pictures of the screen while something is done. */
async function frameTimesDuring(page: Page, work: () => Promise<void>): Promise<number[]> {
  await page.evaluate('probe.startRecording()')
  await work()
  return page.evaluate<number[]>('probe.stopRecording()')
}

/** The value that 95 of 100 do not exceed. */
export function percentile95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.95) - 1)] ?? NaN
}

/** Whole numbers below `below` that look random and are the same every time. */
function scattered(count: number, below: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.floor(((index + 1) * 0.618_034 * below) % below))
}

/** Waits until the page asked for nothing for a while. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate('probe.settled()')
}

export async function uncachedSeeks(page: Page, frameCount: number): Promise<number[]> {
  const times: number[] = []
  for (const frame of scattered(SEEKS, frameCount)) {
    times.push(await seek(page, frame))
    await settled(page)
  }
  return times
}

/** Between frames that were all looked at just before. */
export async function cachedSeeks(page: Page, frameCount: number): Promise<number[]> {
  const frames = scattered(8, frameCount)
  for (const frame of frames) {
    await seek(page, frame)
    await settled(page)
  }
  const times: number[] = []
  for (let index = 0; index < SEEKS; index++) times.push(await seek(page, frames[(index * 3) % 8]!))
  return times
}

/** A hand that steps forward through the film with the arrow key. */
export async function steps(page: Page, fromFrame: number): Promise<number[]> {
  await seek(page, fromFrame)
  await settled(page)
  const times: number[] = []
  for (let step = 1; step <= SEEKS; step++) times.push(await seek(page, fromFrame + step))
  return times
}

async function timelineBox(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await page.getByTestId('timeline').boundingBox()
  if (box === null) throw new Error('There is no timeline.')
  return box
}

/** Drags the playhead through the whole film and half of it back. */
export async function scrubFrameTimes(page: Page): Promise<number[]> {
  const { x, y, width } = await timelineBox(page)
  await page.mouse.move(x + 10, y + 8)
  await page.mouse.down()
  const times = await frameTimesDuring(page, async () => {
    await page.mouse.move(x + width - 10, y + 8, { steps: 240 })
    await page.mouse.move(x + width / 2, y + 8, { steps: 120 })
  })
  await page.mouse.up()
  await settled(page)
  return times
}

/** Zooms from the whole film to single frames and back, by the wheel. */
export async function zoomFrameTimes(page: Page): Promise<number[]> {
  const { x, y, width, height } = await timelineBox(page)
  await page.mouse.move(x + width * 0.4, y + height / 2)
  return frameTimesDuring(page, async () => {
    for (const direction of [-1, 1]) {
      for (let turn = 0; turn < 90; turn++) await page.mouse.wheel(0, direction * 60)
    }
  })
}

export interface ClickTimes {
  /** From the press to the mask in the page, and to the mask drawn. */
  readonly toldMs: number[]
  readonly shownMs: number[]
}

/** Clicks on the stage, the first of them not counted: it waits for the picture to be encoded. */
export async function clicks(page: Page, frameIndex: number): Promise<ClickTimes> {
  await seek(page, frameIndex)
  await page.keyboard.press('KeyP')
  const box = (await page.getByTestId('stage').boundingBox())!
  const toldMs: number[] = []
  const shownMs: number[] = []
  for (let click = 0; click <= CLICKS; click++) {
    // Apart from each other, so that none takes hold of a point that is there.
    const [column, row] = [click % COLUMNS, Math.floor(click / COLUMNS)]
    await page.mouse.click(box.x + box.width * (0.3 + 0.05 * column), box.y + box.height * (0.3 + 0.12 * row))
    const [told, shown] = await page.evaluate<[number, number]>('probe.maskOfClick()')
    if (click > 0) {
      toldMs.push(told)
      shownMs.push(shown)
    }
    await settled(page)
  }
  return { toldMs, shownMs }
}

/** Pictures a second while the film plays, and the share of its frames that came onto the stage. */
export async function playbackRate(
  page: Page,
  frameIndex: number,
): Promise<{ perSecond: number; share: number }> {
  await seek(page, frameIndex)
  await settled(page)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Space')
  // The film waits for its first pictures.
  await page.evaluate(`probe.pictureAfter(${frameIndex + 2})`)
  await forgetShown(page)
  await page.waitForTimeout(PLAY_SECONDS * 1_000)
  await page.keyboard.press('Space')
  const shown = await page.evaluate<{ frameIndex: number; at: number }[]>('probe.shown')
  const [first, last] = [shown[0]!, shown.at(-1)!]
  return {
    perSecond: ((shown.length - 1) * 1_000) / (last.at - first.at),
    share: (shown.length - 1) / (last.frameIndex - first.frameIndex),
  }
}
