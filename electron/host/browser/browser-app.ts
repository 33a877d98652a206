import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Log } from '../../contract/engine-surroundings.ts'
import type { AppPlaces } from '../app-places.ts'
import { openDesk, type Desk } from '../desk.ts'
import type { SupervisorOptions } from '../engine-supervisor.ts'
import { FileOutOfReach, rootsOfOpened, usualRoots, withinRoots } from '../file-access.ts'
import { createFolderBrowser } from '../folder-browser.ts'
import { readInterfaceBundle } from '../interface-bundle.ts'
import { LICENCE_PAGE, LicencesUnavailable } from '../licences.ts'
import { LOG_FOLDER_NAME, openLogFile } from '../log-file.ts'
import { startNodeEngine } from '../node-engine-process.ts'
import { noUpdates, NotInThisHost } from '../not-in-this-host.ts'
import { hostPlatform } from '../platform.ts'
import { createRefusalLog } from '../refusal-log.ts'
import { createRequestHandler } from '../request-handler.ts'
import type { BrowserArguments } from './browser-arguments.ts'
import { startBrowserServer } from './browser-server.ts'
import { hasDisplay, openWithSystem } from './open-address.ts'

export interface BrowserApp {
  /** With the token; for the person only. */
  readonly address: string
  readonly desk: Desk
  readonly log: Log
  /** Ends windows, engine and server; nothing of them is left when it resolves. */
  close(): Promise<void>
}

/** Starts engine and server of the browser host. @throws UserFacingError when the interface or the address is not to be had. */
export async function startBrowserApp(
  places: AppPlaces,
  dataFolder: string,
  options: Pick<BrowserArguments, 'openPath' | 'hostname' | 'port' | 'roots'>,
  timing?: SupervisorOptions['timing'],
): Promise<BrowserApp> {
  const log = openLogFile(join(dataFolder, LOG_FOLDER_NAME), 'browser-host')
  const logRefusal = createRefusalLog(log)
  const bundle = await readInterfaceBundle(places.interfaceFolder)
  const access = withinRoots([...options.roots, ...rootsOfOpened(options.openPath), ...usualRoots()])
  const canReveal = hasDisplay()

  const desk = openDesk({
    launch: () => startNodeEngine(places.engineEntry),
    start: { appVersion: places.appVersion, dataFolder, resourcesFolder: places.appFolder },
    openPath: options.openPath,
    capabilities: {
      kind: 'browser',
      platform: hostPlatform(),
      nativeDialogs: false,
      revealFiles: canReveal,
      updates: false,
    },
    access,
    handlers: (tokens) => {
      const browser = createFolderBrowser(access, tokens)
      return {
        'files.choose': () =>
          Promise.reject(
            new NotInThisHost('There are no native dialogs here; choose in the window instead.'),
          ),
        'files.browse': browser.browse,
        'files.name': browser.nameFile,
        'updates.check': noUpdates,
        'licences.open': () => {
          const address = `/${LICENCE_PAGE}`
          if (bundle.has(address)) return Promise.resolve({ address })
          return Promise.reject(new LicencesUnavailable('run `npm run build`, which makes it'))
        },
        'files.reveal': async ({ token }, windowId) => {
          const path = tokens.findPlace(windowId, token)
          if (path === undefined) throw new FileOutOfReach()
          if (!canReveal) throw new NotInThisHost('This machine has no screen to show a folder on.')
          const isFolder = await stat(path).then(
            (found) => found.isDirectory(),
            () => false,
          )
          openWithSystem(isFolder ? path : dirname(path))
          return {}
        },
      }
    },
    log,
    logRefusal,
    ...(timing === undefined ? {} : { timing }),
  })

  try {
    const server = await startBrowserServer({
      desk,
      handle: createRequestHandler({ bundle, picture: desk.engine.picture, log, logRefusal }),
      hostname: options.hostname,
      port: options.port,
      log,
      logRefusal,
    })
    log('information', 'host', `The browser host of Maskwright ${places.appVersion} has started.`)
    return {
      address: server.address,
      desk,
      log,
      close: async () => {
        await Promise.all([server.close(), desk.close()])
        log('information', 'host', 'The browser host has ended.')
      },
    }
  } catch (error) {
    await desk.close()
    throw error
  }
}
