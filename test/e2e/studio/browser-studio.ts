import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { basename, join, relative, sep } from 'node:path'
import { chromium, expect, type Page } from '@playwright/test'
import { ROOT } from '../../../build/build-app.ts'
import { childrenOf } from '../../command-line.ts'
import { chromiumPath } from '../../fixtures/chromium.ts'
import { WINDOW_SIZE, type Host, type HostStart } from './host.ts'

/** Starts the browser host and opens its address in Chromium. `prepare` sees the page before anything is loaded. */
export async function startBrowserStudio(
  start: HostStart,
  prepare: (page: Page) => Promise<void>,
): Promise<Host> {
  const host = spawn(
    process.execPath,
    [
      join(ROOT, 'out', 'main', 'browser-host.js'),
      '--no-open',
      ...start.roots.flatMap((root) => ['--root', root]),
      ...(start.openPath === null ? [] : [start.openPath]),
    ],
    { env: { ...process.env, MASKWRIGHT_DATA: start.dataFolder }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = once(host, 'exit')
  const address = await new Promise<string>((resolve, reject) => {
    let text = ''
    host.stdout.on('data', (data: Buffer) => {
      text += data.toString()
      const printed = /Maskwright is at (\S+)/.exec(text)?.[1]
      if (printed !== undefined) resolve(printed)
    })
    host.once('exit', () => reject(new Error(`The host ended without an address: ${text}`)))
  })
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
  const page = await browser.newPage({ viewport: WINDOW_SIZE, colorScheme: start.look })
  await prepare(page)
  await page.goto(address)

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    // Told to end, the host ends after its window; killed, the window has to cope.
    if (signal === 'SIGTERM') await browser.close()
    host.kill(signal)
    await ended
    if (signal === 'SIGKILL') await browser.close()
  }

  return {
    kind: 'browser',
    page,
    processId: host.pid!,
    engineProcessId: async () => {
      let engines: number[] = []
      await expect.poll(() => (engines = childrenOf(host.pid!, 'node')).length).toBe(1)
      return engines[0]!
    },
    chooseFiles: async (paths, ask) => {
      await ask()
      await chooseInFileBrowser(page, start.roots, paths)
    },
    chooseFolder: async (path, ask) => {
      await ask()
      const files = await enterFolder(page, start.roots, path)
      await files.getByRole('button', { name: 'Take this folder' }).click()
      await expect(files).toBeHidden()
    },
    nameFile: async (path, ask) => {
      await ask()
      const files = await enterFolder(page, start.roots, join(path, '..'))
      await files.getByLabel('Name').fill(basename(path))
      await files.getByRole('button', { name: 'Save' }).click()
    },
    close: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

/** Goes from the place that holds the folder down to it. @returns the file browser's dialog */
async function enterFolder(page: Page, roots: readonly string[], folder: string) {
  const root = roots.find((one) => !relative(one, folder).startsWith('..'))
  if (root === undefined) throw new Error(`${folder} is out of the file browser's reach.`)
  const dialog = page.getByRole('dialog').filter({ has: page.getByRole('navigation', { name: 'Places' }) })
  await dialog
    .getByRole('navigation')
    .getByRole('button', { name: basename(root), exact: true })
    .click()
  for (const part of relative(root, folder)
    .split(sep)
    .filter((one) => one !== '')) {
    await dialog.getByRole('option', { name: part }).dblclick()
    await expect(dialog.getByRole('option', { name: part })).toBeHidden()
  }
  return dialog
}

async function chooseInFileBrowser(
  page: Page,
  roots: readonly string[],
  paths: readonly string[],
): Promise<void> {
  const dialog = await enterFolder(page, roots, join(paths[0]!, '..'))
  for (const [index, path] of paths.entries()) {
    await dialog
      .getByRole('option', { name: basename(path) })
      .click(index === 0 ? {} : { modifiers: ['Control'] })
  }
  await dialog.getByRole('button', { name: 'Choose' }).click()
  await expect(dialog).toBeHidden()
}
