import { hostname, networkInterfaces } from 'node:os'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bracketed, createAccessGuard, isLoopback, namesFor, type RequestHead } from './access-guard.ts'

const guard = createAccessGuard(4242, namesFor('127.0.0.1'))
const HOST = '127.0.0.1:4242'

/** What a browser keeps after it opened the printed address. */
const cookie = (() => {
  const verdict = guard.judgeRequest(head(`/?token=${guard.token}`))
  if (verdict.kind !== 'admit') throw new Error('the token was not taken')
  expect(verdict.cookie).toMatch(/; HttpOnly; SameSite=Lax; Path=\/$/)
  return verdict.cookie.split(';')[0]!
})()

function head(url: string, headers: Record<string, string> = {}, method = 'GET'): RequestHead {
  return { method, url, headers: { host: HOST, ...headers } }
}

const request = (url: string, headers: Record<string, string> = {}) => guard.judgeRequest(head(url, headers))
const upgrade = (url: string, headers: Record<string, string> = {}) => guard.judgeUpgrade(head(url, headers))

describe('the token', () => {
  test('opens the door as often as the address is opened, with as many bits as a key', () => {
    expect(guard.token).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(request(`/?token=${guard.token}`).kind).toBe('admit')
    expect(request('/', { cookie }).kind).toBe('allow')
    expect(request('/assets/x.js', { cookie: `other=1; ${cookie}; more=2` }).kind).toBe('allow')
    expect(createAccessGuard(4242, namesFor('127.0.0.1')).token).not.toBe(guard.token)
  })

  test('is not in the cookie', () => {
    expect(cookie).not.toContain(guard.token)
  })

  test.each([
    ['none', '/', {}],
    ['a wrong one', `/?token=${'A'.repeat(43)}`, {}],
    ['half of it', `/?token=${guard.token.slice(0, 20)}`, {}],
    ['an empty one', '/?token=', {}],
    ['one in another place', `/frames/1/2?token=${guard.token}`, {}],
    ['a wrong cookie', '/', { cookie: `maskwright-4242=${'A'.repeat(43)}` }],
    ["another host's cookie", '/', { cookie: cookie.replace('4242', '4243') }],
    ['the token as cookie', '/', { cookie: `maskwright-4242=${guard.token}` }],
  ])('%s: refused', (_, url, headers) => {
    expect(request(url, headers)).toMatchObject({ kind: 'refuse', status: 401 })
  })

  test('any other text is refused', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const url = `/?token=${encodeURIComponent(text)}`
        expect(request(url).kind).toBe('refuse')
        expect(request('/', { cookie: `maskwright-4242=${text}` }).kind).toBe('refuse')
      }),
    )
  })
})

describe('where a request comes from', () => {
  test.each([
    'evil.example',
    'evil.example:4242',
    '127.0.0.1.evil.example:4242',
    '10.0.0.1:4242',
    '',
    ':4242',
  ])('Host %j is refused', (host) => {
    const verdict = guard.judgeRequest(head('/', { host, cookie }))
    expect(verdict).toMatchObject({ kind: 'refuse', status: 403 })
    expect(guard.judgeUpgrade(head('/socket', { host, cookie, origin: `http://${host}` })).kind).toBe(
      'refuse',
    )
  })

  test('a missing Host is refused', () => {
    expect(guard.judgeRequest({ method: 'GET', url: '/', headers: { cookie } }).kind).toBe('refuse')
  })

  test.each(['localhost:4242', 'LOCALHOST:9000', '[::1]:4242', '127.0.0.1', '127.0.0.1:80'])(
    'Host %j is a name of loopback, through a tunnel perhaps',
    (host) => {
      expect(guard.judgeRequest(head('/', { host, cookie })).kind).toBe('allow')
    },
  )

  test.each([
    'http://evil.example',
    'null',
    `https://${HOST}`,
    'http://127.0.0.1:9999',
    `http://${HOST}.evil`,
    '',
  ])('Origin %j is refused, for requests and sockets', (origin) => {
    expect(request('/', { cookie, origin })).toMatchObject({ kind: 'refuse', status: 403 })
    expect(upgrade('/socket', { cookie, origin })).toMatchObject({ kind: 'refuse', status: 403 })
  })

  test('a page of another port of this machine can neither embed nor frame anything', () => {
    const foreign = (site: string, dest: string) => ({
      cookie,
      'sec-fetch-site': site,
      'sec-fetch-dest': dest,
    })
    for (const site of ['same-site', 'cross-site']) {
      expect(request('/frames/1/2', foreign(site, 'image')).kind).toBe('refuse')
      expect(request('/assets/x.js', foreign(site, 'script')).kind).toBe('refuse')
      expect(request('/', foreign(site, 'iframe')).kind).toBe('refuse')
      expect(request('/assets/x.js', foreign(site, 'document')).kind).toBe('refuse')
      // A link to the start page is a way to open it.
      expect(request('/', foreign(site, 'document')).kind).toBe('allow')
    }
    expect(request('/assets/x.js', foreign('same-origin', 'script')).kind).toBe('allow')
    expect(request('/', foreign('none', 'document')).kind).toBe('allow')
  })
})

describe('the socket', () => {
  const origin = `http://${HOST}`

  test('takes cookie or token, from our page only', () => {
    expect(upgrade('/socket', { cookie, origin }).kind).toBe('allow')
    expect(upgrade(`/socket?token=${guard.token}`, { origin }).kind).toBe('allow')
  })

  test.each([
    ['without token', '/socket', { origin }, 401],
    ['with a wrong token', '/socket?token=x', { origin }, 401],
    ['without Origin', '/socket', { cookie }, 403],
    ['at another place', '/', { cookie, origin }, 404],
    ['below it', '/socket/x', { cookie, origin }, 404],
  ])('%s it is refused', (_, url, headers, status) => {
    expect(upgrade(url, headers as Record<string, string>)).toMatchObject({ kind: 'refuse', status })
  })
})

test.each([
  'http://127.0.0.1:4242/',
  '//evil.example/',
  '/\\evil.example',
  '/a\\..\\b',
  '*',
  '',
  'x',
  '/a b',
  '/\u00e9',
  '/a\u0000',
  `/${'a'.repeat(3_000)}`,
])('the address %j is none', (url) => {
  expect(request(url, { cookie })).toMatchObject({ kind: 'refuse', status: 400 })
})

test('a host on all interfaces goes by the names of this machine only', () => {
  const names = namesFor('0.0.0.0')
  expect(names).toContain(hostname().toLowerCase())
  for (const { address } of Object.values(networkInterfaces()).flatMap((list) => list ?? [])) {
    expect(names).toContain(bracketed(address))
  }
  expect(names).not.toContain('0.0.0.0')
  expect(namesFor('192.168.7.7')).toEqual(new Set(['127.0.0.1', 'localhost', '[::1]', '192.168.7.7']))
  expect([isLoopback('127.0.0.1'), isLoopback('::1'), isLoopback('0.0.0.0')]).toEqual([true, true, false])
})
