import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { UserFacingError } from '../contract/errors.ts'
import { frameUrl, type FrameAddress } from '../contract/frame-url.ts'
import type { Picture } from '../contract/host-link.ts'
import { EngineUnavailable } from './engine-unavailable.ts'
import { InterfaceMissing, readInterfaceBundle, type InterfaceBundle } from './interface-bundle.ts'
import { createRequestHandler } from './request-handler.ts'

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47])
const address: FrameAddress = {
  videoId: 3,
  frameIndex: 84,
  widthPx: 160,
  contentId: 'c'.repeat(32),
  format: 'png',
}

let bundle: InterfaceBundle
let folder: string
const refused: string[] = []
const logged: unknown[] = []
const picture = vi.fn<(address: FrameAddress, signal: AbortSignal) => Promise<Picture>>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-bundle-'))
  await mkdir(join(folder, 'renderer', 'assets'), { recursive: true })
  await writeFile(join(folder, 'renderer', 'index.html'), '<!doctype html>')
  await writeFile(join(folder, 'renderer', 'assets', 'index-1a2b.js'), 'export {}')
  await writeFile(join(folder, 'renderer', 'assets', 'index-1a2b.js.map'), '{}')
  await writeFile(join(folder, 'secret.html'), 'secret')
  await symlink(join(folder, 'secret.html'), join(folder, 'renderer', 'link.html'))
  bundle = await readInterfaceBundle(join(folder, 'renderer'))
})

beforeEach(() => {
  refused.length = 0
  logged.length = 0
  picture.mockReset().mockResolvedValue({ mediaType: 'image/png', bytes: PNG })
})

const handle = (path: string, init: RequestInit = {}): Promise<Response> =>
  createRequestHandler({
    bundle,
    picture,
    log: (...line) => logged.push(line),
    logRefusal: (what) => refused.push(what),
  })(new Request(`http://host${path}`, init))

test('serves the interface with its types, the start page at the root', async () => {
  const start = await handle('/')
  expect(start.status).toBe(200)
  expect(start.headers.get('Content-Type')).toBe('text/html; charset=utf-8')
  expect(start.headers.get('Cache-Control')).toBe('no-cache')
  expect(await start.text()).toBe('<!doctype html>')
  const script = await handle('/assets/index-1a2b.js')
  expect(script.headers.get('Content-Type')).toBe('text/javascript; charset=utf-8')
  expect(script.headers.get('Cache-Control')).toContain('immutable')
  const again = await handle('/', { headers: { 'If-None-Match': start.headers.get('ETag')! } })
  expect(again.status).toBe(304)
  const head = await handle('/', { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
})

test('an interface that is not built is said to be missing', async () => {
  await expect(readInterfaceBundle(join(folder, 'nowhere'))).rejects.toBeInstanceOf(InterfaceMissing)
  await expect(readInterfaceBundle(join(folder, 'renderer', 'assets'))).rejects.toThrow('npm run build')
})

test('serves a frame as the engine encodes it, to be kept for good', async () => {
  const response = await handle(`/${frameUrl(address)}`)
  expect(response.status).toBe(200)
  expect(response.headers.get('Content-Type')).toBe('image/png')
  expect(response.headers.get('Cache-Control')).toContain('immutable')
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(PNG)
  expect(picture.mock.calls[0]?.[0]).toEqual(address)

  const etag = response.headers.get('ETag')!
  expect((await handle(`/${frameUrl(address)}`, { headers: { 'If-None-Match': etag } })).status).toBe(304)
  expect(picture).toHaveBeenCalledTimes(1)
  const others = [
    { contentId: 'd'.repeat(32) },
    { frameIndex: 85 },
    { widthPx: null },
    { format: 'jpeg' as const },
  ]
  for (const other of others) {
    const url = `/${frameUrl({ ...address, ...other })}`
    expect((await handle(url, { headers: { 'If-None-Match': etag } })).status).toBe(200)
  }
})

test('failures are told by status and sentence, never with what is inside', async () => {
  picture.mockRejectedValueOnce(new UserFacingError('FrameMissing', 'The video has no such frame.'))
  const missing = await handle(`/${frameUrl(address)}`)
  expect([missing.status, await missing.json()]).toEqual([
    404,
    { code: 'FrameMissing', message: 'The video has no such frame.' },
  ])
  expect(missing.headers.get('Cache-Control')).toBe('no-store')
  picture.mockRejectedValueOnce(new EngineUnavailable('The engine stopped.'))
  expect((await handle(`/${frameUrl(address)}`)).status).toBe(503)
  picture.mockRejectedValueOnce(new Error('ENOENT: /home/someone/secret.mp4'))
  const defect = await handle(`/${frameUrl(address)}`)
  expect(defect.status).toBe(500)
  expect(await defect.text()).not.toContain('secret')
  expect(logged).toHaveLength(1)
})

test('a page that scrolled on cancels its picture', async () => {
  const stop = new AbortController()
  picture.mockImplementation(
    (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error))
        stop.abort(new Error('scrolled on'))
      }),
  )
  expect((await handle(`/${frameUrl(address)}`, { signal: stop.signal })).status).toBe(404)
  expect(logged).toEqual([])
})

test.each(['/', '/missing', `/${frameUrl(address)}`])('%s carries every guard', async (path) => {
  const { headers } = await handle(path)
  const policy = headers.get('Content-Security-Policy')!
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self';")
  expect(policy).not.toMatch(/script-src[^;]*unsafe|https?:|\*/)
  expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
  expect(headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin')
  expect(headers.get('Cross-Origin-Resource-Policy')).toBe('same-origin')
  expect(headers.get('Access-Control-Allow-Origin')).toBeNull()
})

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('%s is refused and logged', async (method) => {
  expect((await handle('/', { method })).status).toBe(405)
  expect(refused).toHaveLength(1)
})

test.each([
  '/../secret.html',
  '/assets/../../secret.html',
  '/%2e%2e/secret.html',
  '/%2e%2e%2fsecret.html',
  '/%252e%252e%252fsecret.html',
  '/..%5csecret.html',
  '/..\\secret.html',
  '/assets/..%00/secret.html',
  '/index.html%00.js',
  '//etc/passwd',
  '/etc/passwd',
  '/file:///etc/passwd',
  '/C:/Windows/win.ini',
  '/.git/config',
  '/link.html',
  '/assets',
  '/assets/',
  '/assets/index-1a2b.js.map',
  '/index.html?x=1',
  '/%69ndex.html',
  '/INDEX.HTML',
  '/constructor',
  '/__proto__',
  `/frames/../${frameUrl(address)}`.replace('frames/3', 'x/3'),
  `/frames/3/84?content=${'c'.repeat(32)}&format=png&path=/etc/passwd`,
  `/frames/..%2f3/84?content=${'c'.repeat(32)}&format=png`,
  '/frames/3/84',
])('%s is not found, and logged', async (path) => {
  const response = await handle(path)
  expect(response.status).toBe(404)
  const text = await response.text()
  expect(text).toBe('There is nothing here.')
  expect(refused).toHaveLength(1)
  expect(picture).not.toHaveBeenCalled()
})
