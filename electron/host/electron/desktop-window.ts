import { BrowserWindow, dialog } from 'electron'
import type { Log } from '../../contract/engine-surroundings.ts'
import { STUDIO_ORIGIN } from './channels.ts'

/** A page that dies this often within `WINDOW_MS` is not loaded again without asking. */
const RELOADS = 3
const WINDOW_MS = 5 * 60_000

/**
 * Opens the window on the interface. When its page dies it is loaded again and finds everything as it was, since the
 * engine keeps the project. `onGone` is told whenever a page goes away.
 */
export function openDesktopWindow(preloadScript: string, log: Log, onGone: () => void): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    backgroundColor: '#101114',
    title: 'Maskwright',
    webPreferences: {
      preload: preloadScript,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      // It would fetch dictionaries from the network.
      spellcheck: false,
    },
  })
  const contents = window.webContents
  let reloadTimesMs: number[] = []

  function load(): void {
    window.loadURL(`${STUDIO_ORIGIN}/`).catch((error: unknown) => {
      log('error', 'host', 'The interface could not be loaded.', error)
    })
  }

  window.once('ready-to-show', () => {
    window.show()
  })
  contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) onGone()
  })
  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    onGone()
    if (reason === 'clean-exit' || window.isDestroyed()) return
    log('error', 'host', `The window's process ended (${reason}, code ${String(exitCode)}).`)
    const nowMs = performance.now()
    reloadTimesMs = reloadTimesMs.filter((timeMs) => nowMs - timeMs < WINDOW_MS)
    if (reloadTimesMs.length < RELOADS) {
      reloadTimesMs.push(nowMs)
      load()
      return
    }
    void dialog
      .showMessageBox(window, {
        type: 'error',
        message: 'The window keeps crashing.',
        detail: 'What was saved is safe. The log says more.',
        buttons: ['Load it again', 'Quit'],
      })
      .then(({ response }) => {
        reloadTimesMs = []
        if (response === 0) load()
        else window.close()
      })
  })
  window.on('unresponsive', () => {
    log('warning', 'host', 'The window does not respond.')
  })
  window.on('closed', onGone)
  load()
  return window
}
