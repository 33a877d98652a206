import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { request, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { FolderListing } from '../../electron/contract/files.ts'
import { LIMITS } from '../../electron/contract/limits.ts'
import type { ResponseMessage } from '../../electron/contract/messages.ts'
import { startBrowserApp, type BrowserApp } from '../../electron/host/browser/browser-app.ts'
import { bundleScripts } from '../fixtures/hosts/bundle-scripts.ts'
import { writeInterface } from '../fixtures/hosts/interface-fixture.ts'
import { openSocketWindow } from '../fixtures/hosts/socket-window.ts'

let app: BrowserApp
let dataFolder: string
let clips: string
let opened: string
let cookie: string
let host: string
let token: string

beforeAll(async () => {
  const [scripts, interfaceFolder] = await Promise.all([bundleScripts('engine-fixture'), writeInterface()])
  dataFolder = await mkdtemp(join(tmpdir(), 'maskwright-data-'))
  clips = await realpath(await mkdtemp(join(tmpdir(), 'maskwright-clips-')))
  await mkdir(join(clips, 'shoot'))
  await writeFile(join(clips, 'shoot', 'a.mp4'), 'a')
  opened = await realpath(await mkdtemp(join(tmpdir(), 'maskwright-opened-')))
  await writeFile(join(opened, 'open.maskwright'), '')
  const places = {
    appFolder: dataFolder,
    appVersion: '1.2.3',
    engineEntry: scripts['engine-fixture'],
    interfaceFolder,
    preloadScript: '',
  }
  app = await startBrowserApp(
    places,
    dataFolder,
    { openPath: join(opened, 'open.maskwright'), hostname: '127.0.0.1', port: 0, roots: [clips] },
    { backOffMs: [0] },
  )
  ;({ host } = new URL(app.address))
  token = new URL(app.address).searchParams.get('token')!
  cookie = (await fetchRaw(`/?token=${token}`)).headers['set-cookie']![0]!.split(';')[0]!
})

afterAll(async () => {
  await app.close()
})

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** A request whose path and headers go on the line as they stand here. */
async function fetchRaw(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const sent = request({ host: '127.0.0.1', port: Number(host.split(':')[1]), path, method, headers })
  sent.end()
  const [response] = (await once(sent, 'response')) as [import('node:http').IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: Buffer.concat(chunks).toString('utf8'),
  }
}

/** Tries a WebSocket; the status of the refusal, or 101. */
async function tryUpgrade(path: string, headers: Record<string, string>, origin?: string): Promise<number> {
  const socket = new WebSocket(`ws://${host}${path}`, {
    headers,
    ...(origin === undefined ? {} : { origin }),
  })
  socket.on('error', () => {})
  return new Promise((resolve) => {
    socket.on('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0)
    })
  })
}

async function log(): Promise<string> {
  return readFile(join(dataFolder, 'logs', 'browser-host.log'), 'utf8')
}

function listingOf(message: ResponseMessage): FolderListing {
  if (!message.ok) throw new Error(`${message.code}: ${message.message}`)
  return message.result as FolderListing
}

describe('getting in', () => {
  test('the printed address sets a cookie and leads to the bare one, again and again', async () => {
    for (let time = 0; time < 2; time++) {
      const answer = await fetchRaw(`/?token=${token}`)
      expect([answer.status, answer.headers.location]).toEqual([303, '/'])
    }
    const page = await fetchRaw('/', { cookie })
    expect(page.status).toBe(200)
    expect(page.text).toContain('<title>Maskwright</title>')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
  })

  test('without token, with a foreign Host or Origin there is nothing, and the log says so', async () => {
    const refused = await Promise.all([
      fetchRaw('/'),
      fetchRaw('/index.html'),
      fetchRaw('/frames/1/2?content=' + '0'.repeat(32) + '&format=png'),
      fetchRaw(`/?token=${'x'.repeat(43)}`),
      fetchRaw('/', { cookie: 'maskwright-1=x' }),
      fetchRaw('/', { cookie, host: 'evil.example' }),
      fetchRaw('/', { cookie, origin: 'http://evil.example' }),
    ])
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 403, 403])
    for (const { text, headers } of refused) {
      expect(text).not.toContain('Maskwright</title>')
      expect(text).not.toContain(token)
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['access-control-allow-origin']).toBeUndefined()
    }
    const text = await log()
    for (const reason of ['a call without token', 'a foreign Host', 'a foreign Origin'])
      expect(text).toContain(reason)
    expect(text).not.toContain(token)
    expect(text).not.toContain(cookie.split('=')[1]!)
  })

  test('a socket needs token or cookie, our Origin and our Host', async () => {
    const origin = `http://${host}`
    expect(await tryUpgrade('/socket', { cookie }, origin)).toBe(101)
    expect(await tryUpgrade('/socket', {}, origin)).toBe(401)
    expect(await tryUpgrade('/socket?token=x', {}, origin)).toBe(401)
    expect(await tryUpgrade('/socket', { cookie })).toBe(403)
    expect(await tryUpgrade('/socket', { cookie }, 'http://evil.example')).toBe(403)
    expect(await tryUpgrade('/socket', { cookie, host: 'evil.example' }, 'http://evil.example')).toBe(403)
    expect(await tryUpgrade('/other', { cookie }, origin)).toBe(404)
    expect(await log()).toContain('A socket was refused: a foreign Origin.')
  })

  test.each([
    '/../../../../etc/passwd',
    '/assets/../../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '/%252e%252e%252fetc%252fpasswd',
    '/..%5c..%5cetc%5cpasswd',
    '/..\\..\\etc\\passwd',
    '/etc/passwd%00.html',
    '//etc/passwd',
    '//evil.example/index.html',
    '/etc/passwd',
    'http://evil.example/index.html',
    'file:///etc/passwd',
    '/file:///etc/passwd',
    '/frames/%2e%2e/%2e%2e/etc/passwd',
    `/frames/1/..%2f2?content=${'0'.repeat(32)}&format=png`,
  ])('%s leads nowhere', async (path) => {
    const { status, text } = await fetchRaw(path, { cookie })
    expect([400, 404]).toContain(status)
    expect(text).not.toContain('root:')
    expect(['', 'There is nothing here.']).toContain(text)
  })

  test('what is no HTTP is cut off', async () => {
    const socket = connect(Number(host.split(':')[1]), '127.0.0.1')
    socket.end('GET / HTTP/9.9\r\nnonsense\r\n\r\n')
    const chunks: Buffer[] = []
    for await (const chunk of socket) chunks.push(chunk as Buffer)
    expect(Buffer.concat(chunks).toString()).toBe('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
  })

  test('a frame comes as the engine encodes it', async () => {
    const url = `/frames/1/2?content=${'0'.repeat(32)}&format=png&width=8`
    const { status, headers } = await fetchRaw(url, { cookie })
    expect([status, headers['content-type']]).toEqual([200, 'image/png'])
    const missing = await fetchRaw(url.replace('/2?', '/404?'), { cookie })
    expect([missing.status, missing.text]).toEqual([
      404,
      '{"code":"FrameMissing","message":"The video has no such frame."}',
    ])
    expect((await fetchRaw(url.replace('/2?', '/500?'), { cookie })).text).not.toContain('secret')
    expect((await fetchRaw(url, { cookie }, 'POST')).status).toBe(405)
  })
})

describe('messages', () => {
  test('hello says what this host can do; before it nothing else is answered', async () => {
    const window = await openSocketWindow(app.address, { greet: false })
    expect(await window.call('project.current')).toMatchObject({ ok: false, code: 'ContractMismatch' })
    expect(await window.call('hello', { contractVersion: 99 })).toMatchObject({
      ok: false,
      code: 'ContractMismatch',
    })
    expect(await window.call('project.current')).toMatchObject({ ok: false, code: 'ContractMismatch' })
    expect(window.events).toEqual([])
    expect(await window.call('hello', { contractVersion: 1 })).toMatchObject({
      ok: true,
      result: { appVersion: '1.2.3', host: { kind: 'browser', nativeDialogs: false } },
    })
    await expect.poll(() => window.events).toContainEqual(expect.objectContaining({ event: 'engine.status' }))
    expect(await window.call('project.current')).toMatchObject({ ok: true })
    window.socket.terminate()
  })

  test.each([
    ['an unknown command', 'project.destroy', {}, 'UnknownCommand'],
    ['an inherited name', 'constructor', {}, 'UnknownCommand'],
    ['a path in place of a token', 'project.open', { path: '/srv/private' }, 'InvalidMessage'],
    ['a path as token', 'project.open', { fileToken: '../../srv/private' }, 'InvalidMessage'],
    ['a missing field', 'object.rename', { objectId: 1 }, 'InvalidMessage'],
    ['a field too many', 'object.rename', { objectId: 1, name: 'a', extra: 1 }, 'InvalidMessage'],
    ['a wrong type', 'object.rename', { objectId: '1', name: 'a' }, 'InvalidMessage'],
    ['a key of its own', 'settings.set', { patch: { shortcuts: { '/srv/private': 'a' } } }, 'InvalidMessage'],
    ['a private kind of message', 'start', {}, 'UnknownCommand'],
  ])('%s is refused, logged without its content, and the line goes on', async (_, command, params, code) => {
    const window = await openSocketWindow(app.address)
    expect(await window.call(command, { ...params })).toMatchObject({ ok: false, code })
    expect(await window.call('project.current')).toMatchObject({ ok: true })
    expect(await log()).toContain(`was refused: ${code}.`)
    expect(await log()).not.toContain('private')
    window.socket.terminate()
  })

  test.each([
    ['no JSON', 'hello', 1008],
    ['no object', '[]', 1008],
    ['no id', '{"command":"project.current","params":{}}', 1008],
    ['an id that is none', '{"id":"x","command":"project.current","params":{}}', 1008],
    ['bytes', new Uint8Array([1, 2, 3]), 1003],
    ['too much', 'x'.repeat(LIMITS.requestLength + 1), 1009],
  ])('%s ends the line', async (_, data, code) => {
    const window = await openSocketWindow(app.address)
    window.sendRaw(data)
    expect(await window.closed).toBe(code)
  })

  test('broken UTF-8 ends the line', async () => {
    const window = await openSocketWindow(app.address)
    window.socket.send(Buffer.from([0xff, 0xfe]), { binary: false })
    expect(await window.closed).toBe(1007)
  })

  test('two windows on one project both hear of an edit, in order', async () => {
    const windows = [await openSocketWindow(app.address), await openSocketWindow(app.address)]
    const answers = await Promise.all(
      windows.flatMap((window) =>
        Array.from({ length: 5 }, (_, index) =>
          window.call('object.rename', { objectId: 1, name: `n${String(index)}` }),
        ),
      ),
    )
    const revisions = answers.map((answer) =>
      answer.ok ? (answer.result as { revision: number }).revision : 0,
    )
    expect(new Set(revisions).size).toBe(10)
    for (const window of windows) {
      await expect
        .poll(() =>
          window.events.flatMap((message) =>
            message.event === 'save.status' ? [message.payload.revision] : [],
          ),
        )
        .toEqual([...revisions].sort((a, b) => a - b))
      window.socket.terminate()
    }
    await expect.poll(() => app.desk.windowCount).toBe(0)
  })
})

describe('files', () => {
  test('a clip is found by tokens only and reaches the engine by its path', async () => {
    const window = await openSocketWindow(app.address)
    const top = listingOf(await window.call('files.browse', { purpose: 'addVideo', folder: null }))
    // What was named by --root, then the folder of what was opened.
    expect(top.places.slice(0, 2).map(({ name }) => name)).toEqual([basename(clips), basename(opened)])
    expect(JSON.stringify(top)).not.toContain(clips)
    const shoot = top.entries.find(({ name }) => name === 'shoot')!
    const inside = listingOf(await window.call('files.browse', { purpose: 'addVideo', folder: shoot.token }))
    const clip = inside.entries.find(({ name }) => name === 'a.mp4')!
    expect(await window.call('video.add', { fileTokens: [clip.token] })).toMatchObject({ ok: true })
    const journal = await readFile(join(dataFolder, 'journal.jsonl'), 'utf8')
    expect(journal).toContain(
      JSON.stringify({ added: [{ path: join(clips, 'shoot', 'a.mp4'), purpose: 'addVideo' }] }),
    )

    // A folder was only looked into, an invented token is none, and another window has tokens of its own.
    expect(await window.call('video.add', { fileTokens: [shoot.token] })).toMatchObject({
      code: 'FileOutOfReach',
    })
    expect(await window.call('video.add', { fileTokens: ['A'.repeat(32)] })).toMatchObject({
      code: 'UnknownFile',
    })
    const other = await openSocketWindow(app.address)
    const stolen = await other.call('files.browse', { purpose: 'addVideo', folder: shoot.token })
    expect(stolen).toMatchObject({ ok: false, code: 'FileOutOfReach' })
    expect(await other.call('video.add', { fileTokens: [clip.token] })).toMatchObject({
      code: 'FileOutOfReach',
    })

    // Replaced by a link that leads out after it was shown.
    await rm(join(clips, 'shoot', 'a.mp4'))
    await symlink('/etc/passwd', join(clips, 'shoot', 'a.mp4'))
    expect(await window.call('video.add', { fileTokens: [clip.token] })).toMatchObject({
      code: 'FileOutOfReach',
    })

    window.socket.terminate()
    other.socket.terminate()
    await expect
      .poll(() => readFile(join(dataFolder, 'journal.jsonl'), 'utf8'))
      .toContain(JSON.stringify({ revoked: clip.token }))
  })

  test('native dialogs are refused here', async () => {
    const window = await openSocketWindow(app.address)
    expect(await window.call('files.choose', { purpose: 'addVideo' })).toMatchObject({
      code: 'NotInThisHost',
    })
    expect(await window.call('files.reveal', { token: 'A'.repeat(32) })).toMatchObject({
      code: 'FileOutOfReach',
    })
    window.socket.terminate()
  })
})

test('an engine that dies answers its calls by name; windows and pictures go on with the next', async () => {
  const window = await openSocketWindow(app.address)
  const stalled = window.call('class.add', { name: 'stall' })
  const died = await window.call('class.add', { name: 'die' })
  expect([await stalled, died]).toEqual([
    expect.objectContaining({ ok: false, code: 'EngineUnavailable' }),
    expect.objectContaining({ ok: false, code: 'EngineUnavailable' }),
  ])
  expect(await window.call('project.current')).toMatchObject({
    ok: true,
    result: { project: { fileName: 'open.maskwright' } },
  })
  const states = window.events.flatMap(({ event, payload }) =>
    event === 'engine.status' ? [payload.state] : [],
  )
  expect(states).toEqual(['ready', 'restarting', 'ready'])
  const url = `/frames/1/2?content=${'0'.repeat(32)}&format=png`
  expect((await fetchRaw(url, { cookie })).status).toBe(200)
  const copied = await window.call('diagnostics.copy')
  expect(copied).toMatchObject({ ok: true, result: { text: expect.stringContaining('The engine ended') } })
  expect(JSON.stringify(copied)).not.toContain(dataFolder)
  window.socket.terminate()
})
