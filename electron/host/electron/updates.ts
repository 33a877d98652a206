import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { CommandResult } from '../../contract/commands.ts'
import { NotInThisHost } from '../not-in-this-host.ts'

/** What is used of electron-updater. */
export interface Updater {
  autoDownload: boolean
  autoInstallOnAppQuit: boolean
  checkForUpdates(): Promise<{ isUpdateAvailable: boolean; updateInfo: { version: string } } | null>
  downloadUpdate(): Promise<unknown>
  quitAndInstall(): void
}

/**
 * How a copy of the app comes by newer versions: not at all without an address, which the packager writes into a package;
 * by hand where it is Windows' portable program, which the updater would replace by an installed app.
 */
export function updatePolicy(
  packedResources: string | null,
  environment: NodeJS.ProcessEnv,
): 'none' | 'byHand' | 'offered' {
  if (packedResources === null || !existsSync(join(packedResources, 'app-update.yml'))) return 'none'
  // Set by the portable program for the app that it starts.
  return environment['PORTABLE_EXECUTABLE_FILE'] === undefined ? 'offered' : 'byHand'
}

/** The answer of the portable program. */
export function noPortableUpdates(): Promise<never> {
  const sentence =
    'The portable program does not update itself: download the newer one and put it in its place.'
  return Promise.reject(new NotInThisHost(sentence))
}

export interface UpdateCheckOptions {
  /** Loads the updater; the first check does it, so that nobody pays for it who never asks. */
  readonly loadUpdater: () => Promise<Updater>
  /** Asks the person; true for the first button. */
  readonly confirm: (question: {
    message: string
    detail: string
    yes: string
    no: string
  }) => Promise<boolean>
  /** Ends the engine, which may still have to write. */
  readonly closeWork: () => Promise<void>
}

/**
 * Looks for a newer version when the person asks, downloads it when they say yes, and installs it when they say yes
 * again. Nothing is fetched, and nobody is asked anything, at other times.
 * @throws what the updater throws, such as without a network
 */
export function createUpdateCheck(
  options: UpdateCheckOptions,
): () => Promise<CommandResult<'updates.check'>> {
  let running: Promise<CommandResult<'updates.check'>> | null = null

  async function check(): Promise<CommandResult<'updates.check'>> {
    const updater = await options.loadUpdater()
    updater.autoDownload = false
    updater.autoInstallOnAppQuit = false
    const found = await updater.checkForUpdates()
    if (found === null || !found.isUpdateAvailable) return { outcome: 'current' }
    const { version } = found.updateInfo
    const wanted = await options.confirm({
      message: `Maskwright ${version} can be had.`,
      detail: 'It is downloaded now if you like. Your work goes on meanwhile.',
      yes: 'Download',
      no: 'Not now',
    })
    if (!wanted) return { outcome: 'declined' }
    await updater.downloadUpdate()
    const now = await options.confirm({
      message: `Maskwright ${version} is ready.`,
      detail: 'Everything is saved before the app starts again.',
      yes: 'Install and restart',
      no: 'At another time',
    })
    if (!now) return { outcome: 'ready' }
    await options.closeWork()
    updater.quitAndInstall()
    return { outcome: 'ready' }
  }

  return () => {
    running ??= check().finally(() => {
      running = null
    })
    return running
  }
}
