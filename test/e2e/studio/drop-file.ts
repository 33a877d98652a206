import type { Page } from '@playwright/test'
import { WINDOW_SIZE } from './host.ts'

/** Drops a file of this machine onto the middle of the window, as from a file manager. */
export async function dropFile(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [path], dragOperationsMask: 1 }
  const place = { x: WINDOW_SIZE.width / 2, y: WINDOW_SIZE.height / 2 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...place, data })
}
