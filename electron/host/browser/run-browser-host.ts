import { UserFacingError } from '../../contract/errors.ts'
import type { AppPlaces } from '../app-places.ts'
import { userDataFolder } from '../../engine/user-data-folder.ts'
import { isLoopback } from './access-guard.ts'
import { startBrowserApp, type BrowserApp } from './browser-app.ts'
import { BROWSER_USAGE, parseBrowserArguments } from './browser-arguments.ts'
import { hasDisplay, openAddress } from './open-address.ts'

const NETWORK_WARNING = `Warning: Maskwright listens beyond this machine. Whoever can reach it and has the address below works with your
files as you do, and the connection is not encrypted. An SSH tunnel to loopback is safer.`

/**
 * Runs the browser host in this process until it is told to end, by Ctrl-C mostly. Sets the exit code; says in one sentence
 * why it could not start.
 */
export async function runBrowserHost(places: AppPlaces, argv: readonly string[]): Promise<void> {
  const dataFolder = userDataFolder()
  let app: BrowserApp
  let closePage = (): void => {}
  try {
    const options = parseBrowserArguments(argv)
    if (options.help) {
      console.log(BROWSER_USAGE)
      return
    }
    app = await startBrowserApp(places, dataFolder, options)
    if (!isLoopback(options.hostname)) console.warn(NETWORK_WARNING)
    console.log(`Maskwright is at ${app.address}`)
    console.log('Ctrl-C ends it.')
    if (options.open && hasDisplay()) closePage = openAddress(app.address, dataFolder)
  } catch (error) {
    if (!(error instanceof UserFacingError)) throw error
    console.error(error.message)
    process.exitCode = 1
    return
  }

  let ending = false
  async function end(code: number): Promise<void> {
    // Asked twice: whoever asks does not want to wait.
    if (ending) process.exit(130)
    ending = true
    closePage()
    await app.close()
    process.exit(code)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0))
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      app.log('error', 'host', 'The host met an error that nobody handled and ends.', error)
      console.error('Maskwright met an unexpected error and ends. What was saved is safe; the log says more.')
      void end(1)
    })
  }
}
