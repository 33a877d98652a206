import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test as base, type Locator, type Page } from '@playwright/test'
import { DEFAULT_SETTINGS, type Settings } from '../../../electron/contract/settings.ts'
import { startBrowserStudio } from './browser-studio.ts'
import { startElectronStudio } from './electron-studio.ts'
import type { Host, HostKind, HostStart } from './host.ts'
import { collectPageFaults } from './page-faults.ts'
import { readStoredProject, type StoredProject } from './stored-project.ts'

export interface StudioOptions {
  /** Given by the project of the configuration. */
  hostKind: HostKind
  /** Settings that differ from the defaults when the studio is first started. */
  settings: Partial<Settings>
}

/** The studio as a test uses it: a host on a data folder of its own, and its window. */
export interface Studio {
  readonly host: Host
  readonly page: Page
  /** Everything a test writes lies below; the file browser reaches it, too. */
  readonly folder: string
  /** Starts it; again after it was closed or killed. */
  open(path: string | null, roots?: readonly string[]): Promise<void>
  /** Lines like this in the page's console are part of the test. */
  expectFault(line: RegExp): void
  /** A button by its visible or accessible name. */
  button(name: string | RegExp): Locator
  /** The project that is open, while it was not saved elsewhere. */
  projectPath(): string
  /** The settings as they are on disk now. */
  storedSettings(): unknown
  /** Waits until everything is written, then reads the project file beside the running app. */
  stored(projectPath?: string): Promise<StoredProject>
}

/** Small pictures keep a click below a second, and a run at several frames a second, on two cores. */
const QUICK_SETTINGS: Partial<Settings> = { inputSizePx: 256, showHints: false }

export const test = base.extend<StudioOptions & { studio: Studio }>({
  hostKind: ['browser', { option: true }],
  settings: [{}, { option: true }],
  studio: async ({ hostKind, settings, colorScheme }, use, testInfo) => {
    const folder = testInfo.outputPath('studio')
    const dataFolder = join(folder, 'data')
    mkdirSync(dataFolder, { recursive: true })
    writeFileSync(
      join(dataFolder, 'settings.json'),
      JSON.stringify({
        ...DEFAULT_SETTINGS,
        ...QUICK_SETTINGS,
        ...settings,
        places: { modelsFolder: null, ffmpegProgram: null },
      }),
    )
    const faults = collectPageFaults()
    const start = hostKind === 'browser' ? startBrowserStudio : startElectronStudio
    let host: Host | null = null
    const running = (): Host => {
      if (host === null) throw new Error('The studio is not open.')
      return host
    }

    const studio: Studio = {
      folder,
      get host() {
        return running()
      },
      get page() {
        return running().page
      },
      open: async (openPath, roots = []) => {
        const look: HostStart['look'] = colorScheme === 'light' ? 'light' : 'dark'
        host = await start({ dataFolder, openPath, roots: [folder, ...roots], look }, faults.watch)
      },
      expectFault: faults.expect,
      button: (name) => running().page.getByRole('button', { name, exact: typeof name === 'string' }),
      projectPath: () => newestProject(dataFolder),
      storedSettings: () => JSON.parse(readFileSync(join(dataFolder, 'settings.json'), 'utf8')) as unknown,
      stored: async (projectPath) => {
        await running().page.getByText('Saved', { exact: true }).waitFor()
        return readStoredProject(projectPath ?? newestProject(dataFolder))
      },
    }
    await use(studio)

    const unexpected = faults.unexpected
    await (host as Host | null)?.close()
    if (unexpected.length > 0) throw new Error(`The page met what no test expects:\n${unexpected.join('\n')}`)
  },
})

export { expect } from '@playwright/test'

/** A project that was not saved elsewhere lies in the app's own folder. */
function newestProject(dataFolder: string): string {
  const folder = join(dataFolder, 'projects')
  const paths = readdirSync(folder)
    .filter((name) => name.endsWith('.maskwright'))
    .map((name) => join(folder, name))
    .sort((first, second) => statSync(second).mtimeMs - statSync(first).mtimeMs)
  if (paths[0] === undefined) throw new Error('There is no project in the app’s own folder.')
  return paths[0]
}
