import { fileURLToPath } from 'node:url'
import type { Page, TestInfo } from '@playwright/test'

const FOLDER = fileURLToPath(new URL('../../../docs/screens/', import.meta.url))

/** Takes a picture of the page: one of docs/screens with `--update-snapshots`, else beside the test's results. */
export async function docsPicture(page: Page, name: string, testInfo: TestInfo): Promise<void> {
  const writes = ['all', 'changed'].includes(testInfo.config.updateSnapshots)
  const path = writes ? `${FOLDER}${name}.png` : testInfo.outputPath(`${name}.png`)
  await page.screenshot({ path })
}
