import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBrowserApp, type BrowserApp } from '../../electron/host/browser/browser-app.ts'
import { chromiumPath } from '../fixtures/chromium.ts'
import { bundleScripts } from '../fixtures/hosts/bundle-scripts.ts'
import { writeInterface } from '../fixtures/hosts/interface-fixture.ts'

const FRAME = `frames/1/2?content=${'0'.repeat(32)}&format=png&width=8`

/** A page that tries what an injected script would try, and notes what the browser let it do. */
const SCRIPT = `
window.done = []
window.blocked = []
document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective))
const socket = new WebSocket(new URL('socket', location.href).href.replace('http', 'ws'))
socket.onopen = () => {
  socket.send(JSON.stringify({ id: 0, command: 'hello', params: { contractVersion: 1 } }))
}
socket.onmessage = (event) => done.push(JSON.parse(event.data).ok === true ? 'hello' : 'event')
window.tryAll = async (foreign) => {
  const image = (src) => new Promise((resolve) => {
    const element = new Image()
    element.onload = () => resolve(element.naturalWidth)
    element.onerror = () => resolve(0)
    element.src = src
  })
  const own = await image('${FRAME}')
  const remote = await image(foreign + '/picture.png')
  const script = document.createElement('script')
  script.textContent = 'done.push("inline script")'
  document.body.append(script)
  const remoteScript = document.createElement('script')
  remoteScript.src = foreign + '/script.js'
  document.body.append(remoteScript)
  document.body.insertAdjacentHTML('beforeend', '<style>body { color: rgb(1, 2, 3) }</style><img src="x" onerror="done.push(\\'handler\\')">')
  document.body.insertAdjacentHTML('beforeend', '<p id="placed" style="color: rgb(4, 5, 6)"></p>')
  try { new Function('done.push("eval")')() } catch {}
  const fetched = await fetch(foreign + '/data').then(() => true, () => false)
  const remoteSocket = await new Promise((resolve) => {
    try {
      const line = new WebSocket(foreign.replace('http', 'ws'))
      line.onopen = () => resolve(true)
      line.onerror = () => resolve(false)
    } catch { resolve(false) }
  })
  const frame = document.createElement('iframe')
  frame.src = foreign
  document.body.append(frame)
  await new Promise((resolve) => setTimeout(resolve, 200))
  return {
    own, remote, fetched, remoteSocket, done, blocked,
    colour: getComputedStyle(document.body).color,
    placed: getComputedStyle(document.getElementById('placed')).color,
  }
}
`

/** What another page on this machine would try. */
const FOREIGN_ATTEMPT = `async ({ origin, host, frame }) => {
  const image = await new Promise((resolve) => {
    const element = new Image()
    element.onload = () => resolve(true)
    element.onerror = () => resolve(false)
    element.src = origin + '/' + frame
  })
  const read = await fetch(origin + '/', { credentials: 'include' }).then(() => true, () => false)
  const called = await new Promise((resolve) => {
    const socket = new WebSocket('ws://' + host + '/socket')
    socket.onopen = () => resolve(true)
    socket.onerror = () => resolve(false)
  })
  return { image, read, called }
}`

describe.skipIf(!existsSync(chromiumPath) && process.env['CI'] !== 'true')('in a real browser', () => {
  let app: BrowserApp
  let browser: Browser
  let foreign: Server
  let foreignAddress: string
  let asked: string[] = []

  beforeAll(async () => {
    const [scripts, interfaceFolder, dataFolder] = await Promise.all([
      bundleScripts('engine-fixture'),
      writeInterface({
        'index.html':
          '<!doctype html><title>Maskwright</title><script>window.early = true</script>' +
          '<script type="module" src="./assets/main.js"></script><body></body>',
        'assets/main.js': SCRIPT,
      }),
      mkdtemp(join(tmpdir(), 'maskwright-data-')),
    ])
    app = await startBrowserApp(
      {
        appFolder: dataFolder,
        appVersion: '0.0.0',
        engineEntry: scripts['engine-fixture'],
        interfaceFolder,
        preloadScript: '',
      },
      dataFolder,
      { openPath: null, hostname: '127.0.0.1', port: 0, roots: [] },
    )
    foreign = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.setHeader('Access-Control-Allow-Origin', '*')
      response.setHeader('Content-Type', 'text/html')
      response.end('<!doctype html><title>foreign</title><body></body>')
    }).listen(0, '127.0.0.1')
    await once(foreign, 'listening')
    foreignAddress = `http://127.0.0.1:${String((foreign.address() as AddressInfo).port)}`
    browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
  })

  afterAll(async () => {
    await browser.close()
    foreign.close()
    await app.close()
  })

  async function openInterface(): Promise<Page> {
    const page = await browser.newPage()
    await page.goto(app.address)
    await page.waitForFunction('window.done?.includes("hello")')
    return page
  }

  test('our own page works, and nothing inline or remote does', async () => {
    const page = await openInterface()
    // The token does not stay in the address bar.
    expect(page.url()).toBe(new URL('/', app.address).href)
    asked = []
    const found = (await page.evaluate(`tryAll(${JSON.stringify(foreignAddress)})`)) as Record<
      string,
      unknown
    >
    expect(found).toMatchObject({
      own: 8,
      remote: 0,
      fetched: false,
      remoteSocket: false,
      colour: 'rgb(0, 0, 0)',
      placed: 'rgb(4, 5, 6)',
    })
    expect((found['done'] as string[]).filter((what) => what !== 'hello' && what !== 'event')).toEqual([])
    expect(new Set(found['blocked'] as string[])).toEqual(
      new Set([
        'img-src',
        'script-src-elem',
        'script-src-attr',
        'script-src',
        'style-src-elem',
        'connect-src',
        'frame-src',
      ]),
    )
    expect(await page.evaluate('window.early')).toBeUndefined()
    expect(asked).toEqual([])
    await page.close()
  })

  test('a page of another port can neither embed, read, frame nor call us, though it is the same site', async () => {
    const page = await openInterface()
    const { origin, host } = new URL(app.address)
    await page.goto(foreignAddress)
    const found = await page.evaluate(
      `(${FOREIGN_ATTEMPT})(${JSON.stringify({ origin, host, frame: FRAME })})`,
    )
    expect(found).toEqual({ image: false, read: false, called: false })
    const framed = page.waitForResponse(`${origin}/`)
    await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<iframe src="${origin}/"></iframe>')`)
    expect((await framed).status()).toBe(403)
    await page.close()
  })
})
