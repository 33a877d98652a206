import { readFileSync } from 'node:fs'
import { mkdtemp, realpath, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { ApplicationMenu, DesktopBridge } from '../../electron/contract/desktop-bridge.ts'
import type { EventMessage, ResponseMessage } from '../../electron/contract/messages.ts'
import { LIMITS } from '../../electron/contract/limits.ts'
import { startNodeEngine } from '../../electron/host/node-engine-process.ts'
import { createElectronDouble } from '../doubles/electron.ts'
import { bundleScripts } from '../fixtures/hosts/bundle-scripts.ts'
import { writeInterface } from '../fixtures/hosts/interface-fixture.ts'
import { isRunning } from '../fixtures/hosts/is-running.ts'

const scripts = await bundleScripts('engine-fixture')
const dataFolder = await mkdtemp(join(tmpdir(), 'maskwright-desktop-'))
const clips = await realpath(await mkdtemp(join(tmpdir(), 'maskwright-clips-')))
const interfaceFolder = await writeInterface()
const electron = createElectronDouble({ startEngine: () => startNodeEngine(scripts['engine-fixture']) })
const { app, protocol, session, ipcMain, dialog, Menu, double } = electron

vi.mock('electron', () => electron)
vi.mock('../../electron/host/app-places.ts', () => ({
  findAppPlaces: () => ({
    appFolder: dataFolder,
    appVersion: '1.2.3',
    engineEntry: '/app/out/main/engine-process.js',
    interfaceFolder,
    preloadScript: '/app/out/preload/preload.cjs',
  }),
}))

/** The bridge as the page sees it, with one line over which a test calls. */
interface Page {
  readonly bridge: DesktopBridge
  readonly events: EventMessage[]
  readonly closed: () => number
  call(command: string, params?: unknown): Promise<ResponseMessage>
}

function openPage(): Promise<Page> {
  const bridge = electron.contextBridge.exposed['maskwrightHost'] as DesktopBridge
  const pending = new Map<number, (message: ResponseMessage) => void>()
  const events: EventMessage[] = []
  let closes = 0
  let nextId = 0
  return new Promise((resolve) => {
    const line = bridge.connect({
      onOpen: () => {
        const page: Page = {
          bridge,
          events,
          closed: () => closes,
          call: (command, params = {}) => {
            const id = nextId++
            const answer = new Promise<ResponseMessage>((settle) => pending.set(id, settle))
            line.post({ id, command, params })
            return answer
          },
        }
        resolve(page)
      },
      onMessage: (message) => {
        const received = message as EventMessage | ResponseMessage
        if ('event' in received) events.push(received)
        else pending.get(received.id)?.(received)
      },
      onClose: () => closes++,
    })
  })
}

function log(): string {
  return readFileSync(join(dataFolder, 'logs', 'desktop.log'), 'utf8')
}

function journal(): string {
  return readFileSync(join(dataFolder, 'journal.jsonl'), 'utf8')
}

const window = () => electron.BrowserWindow.last!
let page: Page

beforeAll(async () => {
  vi.stubEnv('MASKWRIGHT_DATA', dataFolder)
  process.argv = ['/usr/bin/electron', '.', '/clips/first.maskwright']
  await import('../../electron/main.ts')
  expect(double.calls.indexOf('enableSandbox')).toBeLessThan(double.calls.indexOf('whenReady'))
  expect(double.calls.indexOf('registerSchemesAsPrivileged')).toBeLessThan(double.calls.indexOf('whenReady'))
  app.ready.resolve()
  await vi.waitFor(() => expect(electron.BrowserWindow.last?.loaded).toHaveLength(1))
  await import('../../electron/preload.ts')
  page = await openPage()
  expect(await page.call('hello', { contractVersion: 1 })).toMatchObject({
    ok: true,
    result: { appVersion: '1.2.3', host: { kind: 'electron', nativeDialogs: true, revealFiles: true } },
  })
})

afterAll(async () => {
  for (const { process: child } of electron.utilityProcess.forks) child.kill()
  process.removeAllListeners('uncaughtException')
  process.removeAllListeners('unhandledRejection')
})

test('the page of licences is opened by the system, and its no is told', async () => {
  const { shell } = electron
  expect(await page.call('licences.open')).toMatchObject({ ok: true, result: { address: null } })
  expect(shell.opened).toEqual([join(interfaceFolder, 'licences.html')])
  shell.fault = 'no such file'
  expect(await page.call('licences.open')).toMatchObject({ ok: false, code: 'LicencesUnavailable' })
  shell.fault = ''
})

test('the window is sandboxed, isolated, without Node, and shows our scheme only', () => {
  expect(window().options['webPreferences']).toMatchObject({
    preload: '/app/out/preload/preload.cjs',
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    contextIsolation: true,
    sandbox: true,
    webSecurity: true,
    webviewTag: false,
    spellcheck: false,
  })
  expect(window().loaded).toEqual(['studio://app/'])
  expect(protocol.privileged).toEqual([
    { scheme: 'studio', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
  expect(electron.crashReporter.started).toEqual([{ uploadToServer: false }])
  window().emit('ready-to-show')
  expect(window().shown).toBe(true)
})

test('the page gets verbs and none of Electron', () => {
  expect(Object.keys(electron.contextBridge.exposed)).toEqual(['maskwrightHost'])
  expect(Object.keys(page.bridge).sort()).toEqual(['acceptDroppedFile', 'connect', 'onAction', 'setMenu'])
})

test('no way leads out: navigation, windows, web views, permissions, devices, downloads, the network', () => {
  const { webContents } = window()
  for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
    const attempt = double.preventable()
    webContents.emit(event, attempt)
    expect(attempt.defaultPrevented, event).toBe(true)
  }
  expect(webContents.windowOpenHandler?.({ url: 'https://evil.example' })).toEqual({ action: 'deny' })

  const { defaultSession } = session
  const permissions = [
    'media',
    'geolocation',
    'notifications',
    'midi',
    'openExternal',
    'clipboard-read',
    'fullscreen',
  ]
  for (const permission of permissions) {
    defaultSession.permissionRequest!(webContents, permission, (granted) =>
      expect(granted, permission).toBe(false),
    )
    expect(defaultSession.permissionCheck!(webContents, permission, 'studio://app')).toBe(false)
  }
  // Text may go to the clipboard, from our page.
  expect(defaultSession.permissionCheck!(null, 'clipboard-sanitized-write', 'studio://app/')).toBe(true)
  expect(defaultSession.permissionCheck!(null, 'clipboard-sanitized-write', 'studio://app.evil')).toBe(false)
  expect(defaultSession.devicePermission!()).toBe(false)
  defaultSession.displayMedia!({}, (streams) => expect(streams).toEqual({}))

  const allowed = (url: string): boolean => {
    let cancelled = true
    defaultSession.beforeRequest!({ url }, ({ cancel }) => (cancelled = cancel))
    return !cancelled
  }
  expect(['studio://app/', 'blob:studio://app/1', 'data:image/png;base64,AA=='].map(allowed)).toEqual([
    true,
    true,
    true,
  ])
  for (const url of [
    'https://evil.example',
    'http://127.0.0.1',
    'ws://evil.example',
    'file:///etc/passwd',
    'ftp://x',
  ]) {
    expect(allowed(url), url).toBe(false)
  }
  const download = double.preventable()
  defaultSession.emit('will-download', download)
  expect(download.defaultPrevented).toBe(true)
  expect(log()).toContain('A navigation was refused.')
})

test('the scheme serves the interface and frames, guarded like everywhere', async () => {
  const serve = protocol.handlers.get('studio')!
  const start = await serve(new Request('studio://app/'))
  expect(start.status).toBe(200)
  expect(start.headers.get('Content-Security-Policy')).toContain("default-src 'none'")
  const frame = await serve(new Request(`studio://app/frames/1/2?content=${'0'.repeat(32)}&format=png`))
  expect([frame.status, frame.headers.get('Content-Type')]).toEqual([200, 'image/png'])
  const urls = [
    'studio://evil/',
    'studio://app.evil/',
    'studio://app/../../etc/passwd',
    'studio://app/%2e%2e/%2e%2e/etc/passwd',
    'studio://app/..%5c..%5cetc',
    'studio://app//etc/passwd',
    'studio://app/file:///etc/passwd',
    'studio://app/%252e%252e%252fetc%252fpasswd',
    'studio://app/assets/..%00/etc/passwd',
    `studio://app/frames/1/..%2f2?content=${'0'.repeat(32)}&format=png`,
    `studio://app/frames/1/2?content=${'0'.repeat(32)}&format=png&path=/etc/passwd`,
  ]
  const refusals = (): number => log().match(/"scope":"refused"/g)?.length ?? 0
  for (const url of urls) {
    const before = refusals()
    const response = await serve(new Request(url))
    expect(response.status, url).toBe(404)
    expect(await response.text(), url).not.toContain('root:')
    await expect.poll(refusals).toBeGreaterThan(before)
  }
})

test('calls and events go over the line', async () => {
  expect(await page.call('project.current')).toMatchObject({
    ok: true,
    result: { project: { fileName: 'first.maskwright' } },
  })
  expect(await page.call('object.rename', { objectId: 1, name: 'ball' })).toMatchObject({ ok: true })
  await expect.poll(() => page.events).toContainEqual(expect.objectContaining({ event: 'save.status' }))
  expect(await page.call('object.rename', { objectId: 1 })).toMatchObject({
    ok: false,
    code: 'InvalidMessage',
  })
  expect(electron.utilityProcess.forks[0]).toMatchObject({ entry: '/app/out/main/engine-process.js' })
})

test('foreign frames and windows are not listened to', async () => {
  const { webContents } = window()
  const foreign = [
    { sender: webContents, senderFrame: { parent: {}, origin: 'studio://app' } },
    { sender: webContents, senderFrame: { parent: null, origin: 'https://evil.example' } },
    { sender: webContents, senderFrame: { parent: null, origin: 'studio://app.evil' } },
    { sender: webContents, senderFrame: null },
    { sender: {}, senderFrame: { parent: null, origin: 'studio://app' } },
  ]
  const before = journal()
  const renaming = JSON.stringify({
    id: 9_999,
    command: 'object.rename',
    params: { objectId: 1, name: 'stolen' },
  })
  for (const sender of foreign) {
    double.sendFrom(sender, 'line:post', 1, renaming)
    double.sendFrom(sender, 'line:open', 77)
    double.sendFrom(sender, 'menu:set', [])
    expect(await double.invokeFrom(sender, 'file:accept-dropped', '/etc/passwd', 'addVideo')).toBeNull()
  }
  await page.call('project.current')
  expect(journal()).toBe(before)
  expect(log().match(/A message of a foreign page was refused/g)).toHaveLength(20)
})

test('messages that break the contract are refused', async () => {
  const { webContents } = window()
  const ours = { sender: webContents, senderFrame: webContents.mainFrame }
  for (const values of [[], ['1'], [0], [1, 2], [{ lineId: 1 }]])
    double.sendFrom(ours, 'line:open', ...values)
  for (const values of [[1], [1, { id: 1 }], [1, '{}', 3], ['1', '{}']])
    double.sendFrom(ours, 'line:post', ...values)
  for (const values of [[], [{}], [[{ title: 'x', items: [{ kind: 'action', action: '../x' }] }]]]) {
    double.sendFrom(ours, 'menu:set', ...values)
  }
  expect(await double.invokeFrom(ours, 'file:accept-dropped', '/etc/passwd', 'anything')).toBeNull()
  expect(await double.invokeFrom(ours, 'file:accept-dropped', ['/etc/passwd'], 'addVideo')).toBeNull()
  expect(log().match(/breaks the contract/g)).toHaveLength(14)
  expect(await page.call('project.current')).toMatchObject({ ok: true })
  expect([...ipcMain.handlers.keys()]).toEqual(['file:accept-dropped'])
})

test('the menu is what the action table says, and a chosen item runs its action', async () => {
  const menu: ApplicationMenu = [
    {
      title: 'Edit',
      items: [
        { kind: 'action', action: 'edit.undo', title: 'Undo', keys: 'Ctrl+Z', enabled: true, checked: null },
      ],
    },
  ]
  const chosen: string[] = []
  const stop = page.bridge.onAction((action) => chosen.push(action))
  page.bridge.setMenu(menu)
  const edit = Menu.current!.find(({ label }) => label === 'Edit')!
  const [undo] = edit.submenu as { label: string; accelerator: string; click: () => void }[]
  expect(undo).toMatchObject({ label: 'Undo', accelerator: 'Ctrl+Z', registerAccelerator: false })
  undo!.click()
  await expect.poll(() => chosen).toEqual(['edit.undo'])
  stop()
  undo!.click()
  await page.call('project.current')
  expect(chosen).toEqual(['edit.undo'])
})

test('files come from native dialogs and drops, as tokens', async () => {
  const clip = join(clips, 'a.mp4')
  await writeFile(clip, '')
  await writeFile(join(clips, 'b.pt'), '')
  dialog.openAnswer = { canceled: false, filePaths: [clip, join(clips, 'gone.mp4')].slice(0, 1) }
  const chosen = await page.call('files.choose', { purpose: 'addVideo' })
  expect(chosen).toMatchObject({ ok: true, result: { files: [{ name: 'a.mp4', kind: 'file' }] } })
  expect(JSON.stringify(chosen)).not.toContain(clips)
  expect(dialog.asked.at(-1)).toMatchObject({ properties: ['openFile', 'multiSelections'] })
  const { files } = (chosen as { result: { files: { token: string }[] } }).result
  expect(await page.call('video.add', { fileTokens: [files[0]!.token] })).toMatchObject({ ok: true })
  expect(journal()).toContain(JSON.stringify({ added: [{ path: clip, purpose: 'addVideo' }] }))

  dialog.openAnswer = { canceled: true, filePaths: [] }
  expect(await page.call('files.choose', { purpose: 'exportFolder' })).toMatchObject({
    result: { files: [] },
  })
  dialog.saveAnswer = { canceled: false, filePath: join(clips, 'new') }
  const saved = await page.call('files.choose', { purpose: 'saveProject', suggestedName: 'new' })
  expect(saved).toMatchObject({ result: { files: [{ name: 'new.maskwright', kind: 'file' }] } })

  const dropped = { name: 'a.mp4' } as File
  electron.webUtils.paths.set(dropped, clip)
  expect(await page.bridge.acceptDroppedFile(dropped, 'addVideo')).toMatchObject({
    name: 'a.mp4',
    kind: 'file',
  })
  expect(await page.bridge.acceptDroppedFile(dropped, 'openProject')).toBeNull()
  expect(await page.bridge.acceptDroppedFile(dropped, 'addImageFolder')).toBeNull()
  expect(await page.bridge.acceptDroppedFile({ name: 'made.mp4' } as File, 'addVideo')).toBeNull()
  const missing = { name: 'gone.mp4' } as File
  electron.webUtils.paths.set(missing, join(clips, 'gone.mp4'))
  expect(await page.bridge.acceptDroppedFile(missing, 'addVideo')).toBeNull()

  expect(await page.call('files.browse', { purpose: 'addVideo', folder: null })).toMatchObject({ ok: false })
  expect(await page.call('files.reveal', { token: files[0]!.token })).toMatchObject({ ok: true })
  expect(electron.shell.shown).toEqual([clip])
})

test('a second start hands over its file and ends', async () => {
  expect(app.lockData).toEqual({ openPath: '/clips/first.maskwright' })
  window().minimized = true
  app.emit('second-instance', {}, [], '/', { openPath: '/clips/second.maskwright' })
  expect(window().minimized).toBe(false)
  await expect.poll(journal).toContain('/clips/second.maskwright')
  app.emit('second-instance', {}, [], '/', { openPath: 7 })
  expect(log()).toContain('The message of a second start was refused')
  const opening = double.preventable()
  app.emit('open-file', opening, '/clips/third.maskwright')
  expect(opening.defaultPrevented).toBe(true)
  await expect.poll(journal).toContain('/clips/third.maskwright')
})

test('a message that is too long ends the line, and the page gets another', async () => {
  void page.call('object.rename', { objectId: 1, name: 'x'.repeat(LIMITS.requestLength) })
  await expect.poll(page.closed).toBe(1)
  expect(log()).toContain('sent a message that is too long; its line was ended')
  page = await openPage()
  await page.call('hello', { contractVersion: 1 })
  expect(await page.call('project.current')).toMatchObject({ ok: true })
})

test('an engine that crashes is started again with what was open, and the page hears of it', async () => {
  const first = electron.utilityProcess.forks.at(-1)!.process.pid
  // An answer of the engine: what it said before, which project is open among it, has reached the host by then.
  await expect
    .poll(() => page.call('project.current'))
    .toMatchObject({ result: { project: { fileName: 'third.maskwright' } } })
  const stalled = page.call('class.add', { name: 'stall' })
  process.kill(first!, 'SIGKILL')
  expect(await stalled).toMatchObject({ ok: false, code: 'EngineUnavailable' })
  expect(await page.call('project.current')).toMatchObject({
    ok: true,
    result: { project: { fileName: 'third.maskwright' } },
  })
  expect(electron.utilityProcess.forks).toHaveLength(2)
  const states = page.events.flatMap(({ event, payload }) =>
    event === 'engine.status' ? [payload.state] : [],
  )
  expect(states.slice(-2)).toEqual(['restarting', 'ready'])
})

test('a page that crashes is loaded again, gets a new line, and is not loaded without end', async () => {
  const { webContents } = window()
  const gone = { reason: 'crashed', exitCode: 5 }
  webContents.emit('render-process-gone', {}, gone)
  expect(window().loaded).toHaveLength(2)
  page = await openPage()
  expect(await page.call('project.current')).toMatchObject({ ok: false, code: 'ContractMismatch' })
  await page.call('hello', { contractVersion: 1 })
  expect(await page.call('project.current')).toMatchObject({ ok: true })

  webContents.emit('render-process-gone', {}, gone)
  webContents.emit('render-process-gone', {}, gone)
  expect(window().loaded).toHaveLength(4)
  webContents.emit('render-process-gone', {}, gone)
  expect(window().loaded).toHaveLength(4)
  expect(dialog.asked.at(-1)).toMatchObject({ buttons: ['Load it again', 'Quit'] })
  await expect.poll(() => window().loaded.length).toBe(5)
})

test('the app ends when its engine has', async () => {
  const engine = electron.utilityProcess.forks.at(-1)!.process.pid
  window().close()
  expect(app.exitCode).toBeNull()
  await expect.poll(() => app.exitCode, { timeout: 10_000 }).toBe(0)
  expect(isRunning(engine)).toBe(false)
  expect(journal()).toContain(JSON.stringify({ closed: engine }))
})
