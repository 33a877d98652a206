import { join } from 'node:path'
import {
  app,
  crashReporter,
  dialog,
  Menu,
  protocol,
  session,
  shell,
  type BrowserWindow,
  type MessageBoxOptions,
} from 'electron'
import { UserFacingError } from '../../contract/errors.ts'
import { acceptFile } from '../accept-file.ts'
import type { AppPlaces } from '../app-places.ts'
import { openDesk, type Desk } from '../desk.ts'
import { FileOutOfReach, wholeMachine } from '../file-access.ts'
import { readInterfaceBundle } from '../interface-bundle.ts'
import { licencePagePath, LicencesUnavailable } from '../licences.ts'
import { LOG_FOLDER_NAME, openLogFile } from '../log-file.ts'
import { hostPlatform } from '../platform.ts'
import { createRefusalLog } from '../refusal-log.ts'
import { noUpdates } from '../not-in-this-host.ts'
import { createRequestHandler } from '../request-handler.ts'
import { userDataFolder } from '../../engine/user-data-folder.ts'
import { CHANNELS, STUDIO_ORIGIN, STUDIO_SCHEME } from './channels.ts'
import { openPathFrom, secondStartSchema, type SecondStart } from './desktop-arguments.ts'
import { serveDesktopLines } from './desktop-lines.ts'
import { openDesktopWindow } from './desktop-window.ts'
import { askForFiles } from './native-dialogs.ts'
import { menuTemplate } from './native-menu.ts'
import { createUpdateCheck, noPortableUpdates, updatePolicy } from './updates.ts'
import { startUtilityEngine } from './utility-engine-process.ts'
import { lockNavigation, lockSession } from './window-locks.ts'

/** Runs the desktop app. What has to happen before Electron is ready happens before this returns. */
export function runDesktop(places: AppPlaces): void {
  const dataFolder = userDataFolder()
  const log = openLogFile(join(dataFolder, LOG_FOLDER_NAME), 'desktop')
  const logRefusal = createRefusalLog(log)

  app.enableSandbox()
  app.setPath('userData', join(dataFolder, 'electron'))
  protocol.registerSchemesAsPrivileged([
    { scheme: STUDIO_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
  // Dumps stay on this machine.
  crashReporter.start({ uploadToServer: false })

  let openPath = openPathFrom(process.argv, app.isPackaged, process.cwd())
  if (!app.requestSingleInstanceLock({ openPath } satisfies SecondStart)) {
    app.quit()
    return
  }

  let desk: Desk | null = null
  let window: BrowserWindow | null = null

  function open(path: string): void {
    if (desk === null) openPath = path
    else desk.engine.open(path)
    if (window?.isMinimized() === true) window.restore()
    window?.focus()
  }

  app.on('open-file', (event, path) => {
    event.preventDefault()
    open(path)
  })
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const second = secondStartSchema.safeParse(data)
    if (!second.success) logRefusal('The message of a second start was refused: it breaks the contract.')
    else if (second.data.openPath !== null) open(second.data.openPath)
    else window?.focus()
  })
  app.on('window-all-closed', () => {
    app.quit()
  })
  app.on('child-process-gone', (_event, { type, reason }) => {
    log('warning', 'host', `A process of Electron ended (${type}, ${reason}).`)
  })
  lockNavigation(logRefusal)
  endWithEngine()
  reportUnhandled()

  app
    .whenReady()
    .then(start)
    .catch((error: unknown) => {
      log('error', 'host', 'The app could not be started.', error)
      const why = error instanceof UserFacingError ? error.message : 'The log says more.'
      dialog.showErrorBox('Maskwright could not be started', why)
      app.exit(1)
    })

  async function start(): Promise<void> {
    const bundle = await readInterfaceBundle(places.interfaceFolder)
    lockSession(session.defaultSession, logRefusal)
    const access = wholeMachine()
    const packedResources = app.isPackaged ? process.resourcesPath : null
    const updates = updatePolicy(packedResources, process.env)
    const updateCheck = createUpdateCheck({
      loadUpdater: async () => (await import('electron-updater')).default.autoUpdater,
      confirm: async ({ message, detail, yes, no }) => {
        const question: MessageBoxOptions = {
          type: 'question',
          message,
          detail,
          buttons: [yes, no],
          defaultId: 0,
          cancelId: 1,
        }
        const { response } = await (window === null
          ? dialog.showMessageBox(question)
          : dialog.showMessageBox(window, question))
        return response === 0
      },
      closeWork: async () => {
        await desk?.close()
      },
    })
    const opened = openDesk({
      launch: () => startUtilityEngine(places.engineEntry),
      start: {
        appVersion: places.appVersion,
        dataFolder,
        // Beside the archive of a packaged app.
        resourcesFolder: packedResources ?? places.appFolder,
      },
      openPath,
      capabilities: {
        kind: 'electron',
        platform: hostPlatform(),
        nativeDialogs: true,
        revealFiles: true,
        updates: updates !== 'none',
      },
      access,
      handlers: (tokens) => ({
        'files.choose': async ({ purpose, suggestedName }, windowId) => {
          if (window === null) return { files: [] }
          const paths = await askForFiles(window, purpose, suggestedName)
          const files = await Promise.all(
            paths.map((path) => acceptFile({ access, tokens, windowId, path, purpose })),
          )
          return { files: files.filter((file) => file !== null) }
        },
        'files.browse': () => Promise.reject(new FileOutOfReach()),
        'files.name': () => Promise.reject(new FileOutOfReach()),
        'updates.check': { none: noUpdates, byHand: noPortableUpdates, offered: updateCheck }[updates],
        'licences.open': async () => {
          const why = await shell.openPath(licencePagePath(places.interfaceFolder, packedResources))
          if (why !== '') throw new LicencesUnavailable(why)
          return { address: null }
        },
        'files.reveal': async ({ token }, windowId) => {
          const path = tokens.findPlace(windowId, token)
          if (path === undefined) throw new FileOutOfReach()
          shell.showItemInFolder(path)
          return {}
        },
      }),
      log,
      logRefusal,
    })
    desk = opened

    const handle = createRequestHandler({ bundle, picture: opened.engine.picture, log, logRefusal })
    protocol.handle(STUDIO_SCHEME, async (request) => {
      if (request.url.startsWith(`${STUDIO_ORIGIN}/`)) return handle(request)
      logRefusal('A request to a foreign host of our scheme was refused.')
      return new Response(null, { status: 404 })
    })

    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate([], () => {}, process.platform)))
    const lines = serveDesktopLines({
      desk: opened,
      currentContents: () => window?.webContents ?? null,
      onMenu: (menu) => {
        const template = menuTemplate(menu, sendAction, process.platform)
        Menu.setApplicationMenu(Menu.buildFromTemplate(template))
      },
      log,
      logRefusal,
    })
    window = openDesktopWindow(places.preloadScript, log, () => {
      lines.drop()
    })
    window.on('closed', () => {
      window = null
    })
  }

  function sendAction(action: string): void {
    window?.webContents.send(CHANNELS.action, action)
  }

  /** The app ends when its engine has, which may still have to write. */
  function endWithEngine(): void {
    let ended = false
    app.on('before-quit', (event) => {
      if (ended || desk === null) return
      event.preventDefault()
      void desk.close().finally(() => {
        ended = true
        app.quit()
      })
    })
  }

  function reportUnhandled(): void {
    let isReported = false
    for (const name of ['uncaughtException', 'unhandledRejection'] as const) {
      process.on(name, (error: unknown) => {
        log('error', 'host', 'The app met an error that nobody handled and ends.', error)
        if (isReported) return
        isReported = true
        dialog.showErrorBox(
          'Maskwright has to end',
          'It met an unexpected error. What was saved is safe; the log says more.',
        )
        void (desk?.close() ?? Promise.resolve()).finally(() => {
          app.exit(1)
        })
      })
    }
  }
}
