// A double of the parts of Electron's API that the desktop host uses, written by hand: it keeps what it is told, lets a test raise
// events, and connects both ends of the IPC, copying every value as Electron does. Its utility process is a real process.
import { EventEmitter } from 'node:events'
import type { Readable } from 'node:stream'
import type { EngineLink } from '../../electron/contract/host-link.ts'

/** A menu template as far as tests look into it. */
type Template = { label?: string; submenu?: unknown }[]

type Handler = (event: unknown, ...values: unknown[]) => unknown

export interface DoubleOptions {
  /** Starts the process that stands for a utility process. */
  readonly startEngine: () => EngineLink & { readonly stderr?: Readable }
}

export function createElectronDouble(options: DoubleOptions) {
  const calls: string[] = []

  const app = Object.assign(new EventEmitter(), {
    isPackaged: false,
    hasLock: true,
    lockData: undefined as unknown,
    paths: {} as Record<string, string>,
    exitCode: null as number | null,
    quits: 0,
    enableSandbox: () => calls.push('enableSandbox'),
    setPath: (name: string, path: string) => {
      app.paths[name] = path
    },
    requestSingleInstanceLock: (data: unknown) => {
      app.lockData = data
      return app.hasLock
    },
    ready: deferred(),
    whenReady: () => {
      calls.push('whenReady')
      return app.ready.promise
    },
    /** Asks whether it may quit, as Electron does. */
    quit: () => {
      app.quits++
      const event = preventable()
      app.emit('before-quit', event)
      if (!event.defaultPrevented) app.exitCode ??= 0
    },
    exit: (code: number) => {
      app.exitCode = code
    },
  })

  const protocol = {
    privileged: [] as unknown[],
    handlers: new Map<string, (request: Request) => Promise<Response>>(),
    registerSchemesAsPrivileged: (schemes: unknown[]) => {
      calls.push('registerSchemesAsPrivileged')
      protocol.privileged.push(...schemes)
    },
    handle: (scheme: string, handler: (request: Request) => Promise<Response>) => {
      protocol.handlers.set(scheme, handler)
    },
  }

  const defaultSession = Object.assign(new EventEmitter(), {
    permissionRequest: null as null | ((c: unknown, p: string, answer: (ok: boolean) => void) => void),
    permissionCheck: null as null | ((c: unknown, p: string, origin: string) => boolean),
    devicePermission: null as null | (() => boolean),
    displayMedia: null as null | ((r: unknown, answer: (streams: object) => void) => void),
    beforeRequest: null as
      null | ((details: { url: string }, answer: (a: { cancel: boolean }) => void) => void),
    setPermissionRequestHandler: (handler: never) => (defaultSession.permissionRequest = handler),
    setPermissionCheckHandler: (handler: never) => (defaultSession.permissionCheck = handler),
    setDevicePermissionHandler: (handler: never) => (defaultSession.devicePermission = handler),
    setDisplayMediaRequestHandler: (handler: never) => (defaultSession.displayMedia = handler),
    webRequest: { onBeforeRequest: (handler: never) => (defaultSession.beforeRequest = handler) },
  })

  const ipcMain = Object.assign(new EventEmitter(), {
    handlers: new Map<string, Handler>(),
    handle: (channel: string, handler: Handler) => ipcMain.handlers.set(channel, handler),
  })

  const ipcRenderer = Object.assign(new EventEmitter(), {
    send: (channel: string, ...values: unknown[]) => {
      sendFrom(ownSender(), channel, ...values)
    },
    invoke: async (channel: string, ...values: unknown[]) => invokeFrom(ownSender(), channel, ...values),
  })

  /** Where a message comes from; a test can make up a foreign one. */
  interface Sender {
    sender: unknown
    senderFrame: { parent: unknown; origin: string } | null
  }
  function ownSender(): Sender {
    const contents = BrowserWindow.last?.webContents
    return { sender: contents, senderFrame: contents?.mainFrame ?? null }
  }
  function sendFrom(sender: Sender, channel: string, ...values: unknown[]): void {
    ipcMain.emit(channel, sender, ...values.map((value) => structuredClone(value)))
  }
  async function invokeFrom(sender: Sender, channel: string, ...values: unknown[]): Promise<unknown> {
    const handler = ipcMain.handlers.get(channel)
    if (handler === undefined) throw new Error(`No handler for ${channel}`)
    return structuredClone(await handler(sender, ...values.map((value) => structuredClone(value))))
  }

  class WebContents extends EventEmitter {
    mainFrame = { parent: null, origin: 'studio://app' }
    windowOpenHandler: null | ((details: { url: string }) => { action: string }) = null
    destroyed = false
    isDestroyed(): boolean {
      return this.destroyed
    }
    getURL(): string {
      return `${this.mainFrame.origin}/`
    }
    setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
      this.windowOpenHandler = handler
    }
    send(channel: string, ...values: unknown[]): void {
      // The page hears of it in a later turn, never within the call.
      const copies = values.map((value) => structuredClone(value))
      setImmediate(() => ipcRenderer.emit(channel, { sender: ipcRenderer }, ...copies))
    }
  }

  class BrowserWindow extends EventEmitter {
    static last: BrowserWindow | null = null
    readonly webContents = new WebContents()
    readonly loaded: string[] = []
    readonly options: Record<string, unknown>
    shown = false
    focused = 0
    minimized = false
    constructor(given: Record<string, unknown>) {
      super()
      this.options = given
      BrowserWindow.last = this
      app.emit('web-contents-created', {}, this.webContents)
    }
    loadURL(url: string): Promise<void> {
      this.loaded.push(url)
      this.webContents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false, url })
      return Promise.resolve()
    }
    show(): void {
      this.shown = true
    }
    focus(): void {
      this.focused++
    }
    isMinimized(): boolean {
      return this.minimized
    }
    restore(): void {
      this.minimized = false
    }
    isDestroyed(): boolean {
      return this.webContents.destroyed
    }
    close(): void {
      this.webContents.destroyed = true
      this.emit('closed')
      app.emit('window-all-closed')
    }
  }

  const Menu = {
    current: null as Template | null,
    buildFromTemplate: (template: Template) => template,
    setApplicationMenu: (menu: Template) => {
      Menu.current = menu
    },
  }

  const dialog = {
    /** What the person does in the next dialogs. */
    openAnswer: { canceled: true, filePaths: [] as string[] },
    saveAnswer: { canceled: true, filePath: '' },
    boxAnswer: 0,
    asked: [] as Record<string, unknown>[],
    errors: [] as string[],
    showOpenDialog: (_window: unknown, question: Record<string, unknown>) => {
      dialog.asked.push(question)
      return Promise.resolve(dialog.openAnswer)
    },
    showSaveDialog: (_window: unknown, question: Record<string, unknown>) => {
      dialog.asked.push(question)
      return Promise.resolve(dialog.saveAnswer)
    },
    showMessageBox: (_window: unknown, question: Record<string, unknown>) => {
      dialog.asked.push(question)
      return Promise.resolve({ response: dialog.boxAnswer })
    },
    showErrorBox: (title: string, text: string) => dialog.errors.push(`${title}: ${text}`),
  }

  const shell = {
    shown: [] as string[],
    showItemInFolder: (path: string) => shell.shown.push(path),
    opened: [] as string[],
    /** Why the next path cannot be opened; empty when it can. */
    fault: '',
    openPath: (path: string) => {
      shell.opened.push(path)
      return Promise.resolve(shell.fault)
    },
  }

  class UtilityProcess extends EventEmitter {
    readonly stderr: Readable | null = null
    readonly #link = options.startEngine()
    constructor() {
      super()
      this.#link.onMessage((message) => this.emit('message', message))
      this.#link.onClose((end) => this.emit('exit', end.code ?? 9))
    }
    get pid(): number | undefined {
      return this.#link.processId
    }
    postMessage(message: never): void {
      this.#link.send(message)
    }
    kill(): boolean {
      this.#link.kill()
      return true
    }
  }
  const utilityProcess = {
    forks: [] as { entry: string; options: unknown; process: UtilityProcess }[],
    fork: (entry: string, _argv: string[], forkOptions: unknown) => {
      const child = new UtilityProcess()
      utilityProcess.forks.push({ entry, options: forkOptions, process: child })
      return child
    },
  }

  const contextBridge = {
    exposed: {} as Record<string, unknown>,
    exposeInMainWorld: (name: string, value: unknown) => {
      contextBridge.exposed[name] = value
    },
  }

  const webUtils = {
    /** Paths of files that the person dropped; a file that a page made has none. */
    paths: new Map<unknown, string>(),
    getPathForFile: (file: unknown) => webUtils.paths.get(file) ?? '',
  }

  const crashReporter = {
    started: [] as unknown[],
    start: (given: unknown) => crashReporter.started.push(given),
  }

  return {
    app,
    BrowserWindow,
    contextBridge,
    crashReporter,
    dialog,
    ipcMain,
    ipcRenderer,
    Menu,
    protocol,
    session: { defaultSession },
    shell,
    utilityProcess,
    webUtils,
    /** For tests only. */
    double: { calls, sendFrom, invokeFrom, preventable },
  }
}

export function preventable(): { defaultPrevented: boolean; preventDefault(): void } {
  const event = {
    defaultPrevented: false,
    preventDefault: () => {
      event.defaultPrevented = true
    },
  }
  return event
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
