import type { CommandResult } from '../../contract/commands.ts'

/** What is used of electron-updater. */
export interface Updater {
  autoDownload: boolean
  autoInstallOnAppQuit: boolean
  checkForUpdates(): Promise<{ isUpdateAvailable: boolean; updateInfo: { version: string } } | null>
  downloadUpdate(): Promise<unknown>
  quitAndInstall(): void
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
