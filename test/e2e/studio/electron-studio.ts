import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { ROOT } from '../../../build/build-app.ts'
import { electronProgram } from '../../../build/electron-program.ts'
import { WINDOW_SIZE, type Host, type HostStart } from './host.ts'

/** Starts the desktop app in Electron. `prepare` sees the page as soon as it is there. */
export async function startElectronStudio(
  start: HostStart,
  prepare: (page: Page) => Promise<void>,
): Promise<Host> {
  const executablePath = electronProgram()
  if (executablePath === null) throw new Error("Electron's program is not here.")
  const app = await _electron.launch({
    executablePath,
    args: [ROOT, ...(start.openPath === null ? [] : [start.openPath])],
    env: { ...definedOf(process.env), MASKWRIGHT_DATA: start.dataFolder },
    colorScheme: start.look,
  })
  const page = await app.firstWindow()
  await prepare(page)
  await app.evaluate(({ BrowserWindow }, { width, height }) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(width, height)
  }, WINDOW_SIZE)

  return {
    kind: 'electron',
    page,
    processId: app.process().pid!,
    engineProcessId: () =>
      app.evaluate(({ app: running }) => {
        const engine = running.getAppMetrics().find((one) => one.serviceName === 'node.mojom.NodeService')
        if (engine === undefined) throw new Error('There is no engine process.')
        return engine.pid
      }),
    chooseFiles: async (paths, ask) => {
      await answerDialogs(app, paths)
      await ask()
    },
    chooseFolder: async (path, ask) => {
      await answerDialogs(app, [path])
      await ask()
    },
    nameFile: async (path, ask) => {
      await answerDialogs(app, [path])
      await ask()
    },
    close: () => app.close(),
    kill: async () => {
      const ended = new Promise((resolve) => app.process().once('exit', resolve))
      app.process().kill('SIGKILL')
      await ended
    },
  }
}

/** Native dialogs cannot be clicked by a test; from now on they answer these paths. */
function answerDialogs(app: ElectronApplication, paths: readonly string[]): Promise<void> {
  return app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [...chosen] })
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen[0] ?? '' })
  }, paths)
}

function definedOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
