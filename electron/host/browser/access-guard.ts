import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { hostname, networkInterfaces } from 'node:os'

/** What a request shows of itself before anything of it is acted on. */
export interface RequestHead {
  readonly method: string
  /** As it came on the line. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export type Verdict =
  | { readonly kind: 'allow' }
  /** It brought the token: set the cookie and send it to the bare address. */
  | { readonly kind: 'admit'; readonly cookie: string }
  | { readonly kind: 'refuse'; readonly status: 400 | 401 | 403 | 404; readonly reason: string }

export interface AccessGuard {
  /** Opens the door for this run of the host; part of the address that is printed. */
  readonly token: string
  judgeRequest(head: RequestHead): Verdict
  /** As `judgeRequest` for the WebSocket, where a browser must say which page asks. */
  judgeUpgrade(head: RequestHead): Verdict
}

/** Where the WebSocket is. */
export const SOCKET_PATH = '/socket'

const LONGEST_URL = 2_048
const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]']

/**
 * Lets in who has the token, or the cookie that it was turned into, from pages of this host only. The names by which the
 * host may be called are fixed, so a foreign name that was made to point here gets nowhere. `port` tells hosts on
 * one machine apart.
 */
export function createAccessGuard(port: number, allowedNames: ReadonlySet<string>): AccessGuard {
  const token = randomBytes(32).toString('base64url')
  const session = randomBytes(32).toString('base64url')
  const cookieName = `maskwright-${String(port)}`

  /** null when the request is well-formed and comes from us or from an address bar. */
  function faultOf(head: RequestHead): Verdict | null {
    const { url } = head
    if (url.length > LONGEST_URL || !/^\/(?![/\\])[\x21-\x7e]*$/.test(url) || url.includes('\\')) {
      return refuse(400, 'an address that is none')
    }
    const host = single(head, 'host')
    if (host === null || !allowedNames.has(nameOf(host))) return refuse(403, 'a foreign Host')
    const origin = single(head, 'origin')
    if (origin !== null && origin !== `http://${host}`) return refuse(403, 'a foreign Origin')
    return null
  }

  function hasSession(head: RequestHead): boolean {
    return cookiesOf(head).some(([name, value]) => name === cookieName && isSame(value, session))
  }

  function hasToken(url: URL): boolean {
    return isSame(url.searchParams.get('token') ?? '', token)
  }

  return {
    token,
    judgeRequest: (head) => {
      const fault = faultOf(head)
      if (fault !== null) return fault
      const url = new URL(head.url, 'http://host')
      if (head.method === 'GET' && url.pathname === '/' && hasToken(url)) {
        return { kind: 'admit', cookie: `${cookieName}=${session}; HttpOnly; SameSite=Lax; Path=/` }
      }
      if (!hasSession(head)) return refuse(401, 'a call without token')
      return isOwnPage(head, url) ? { kind: 'allow' } : refuse(403, 'a call of a foreign page')
    },
    judgeUpgrade: (head) => {
      const fault = faultOf(head)
      if (fault !== null) return fault
      const url = new URL(head.url, 'http://host')
      if (url.pathname !== SOCKET_PATH) return refuse(404, 'a socket that is not there')
      if (single(head, 'origin') === null) return refuse(403, 'a socket without Origin')
      return hasToken(url) || hasSession(head) ? { kind: 'allow' } : refuse(401, 'a socket without token')
    },
  }
}

/** Names in the Host header under which a server that is bound to this address may be called, without port. */
export function namesFor(boundTo: string): Set<string> {
  const names = new Set(LOOPBACK_NAMES)
  if (boundTo === '0.0.0.0' || boundTo === '::') {
    names.add(hostname().toLowerCase())
    for (const { address } of Object.values(networkInterfaces()).flatMap((list) => list ?? [])) {
      names.add(bracketed(address))
    }
  } else names.add(bracketed(boundTo.toLowerCase()))
  return names
}

/** An IPv6 address as it stands in a URL. */
export function bracketed(address: string): string {
  return address.includes(':') && !address.startsWith('[') ? `[${address}]` : address
}

/** Whether an address cannot be reached from other machines. */
export function isLoopback(address: string): boolean {
  return LOOPBACK_NAMES.includes(bracketed(address))
}

/**
 * Pages of other ports of this machine count as the same site, so the cookie comes with what they embed. Browsers say
 * where a request comes from; one that came from elsewhere may only show the start page itself.
 */
function isOwnPage(head: RequestHead, url: URL): boolean {
  const site = single(head, 'sec-fetch-site')
  if (site === null || site === 'same-origin' || site === 'none') return true
  return url.pathname === '/' && single(head, 'sec-fetch-dest') === 'document'
}

/** The value of a header that came once, else null. */
function single(head: RequestHead, name: string): string | null {
  const value = head.headers[name]
  return typeof value === 'string' ? value : null
}

function nameOf(host: string): string {
  return host.replace(/:\d{1,5}$/, '').toLowerCase()
}

function cookiesOf(head: RequestHead): [string, string][] {
  return (single(head, 'cookie') ?? '').split(';').map((pair) => {
    const [name = '', ...value] = pair.split('=')
    return [name.trim(), value.join('=').trim()]
  })
}

/** In a time that does not depend on where they differ, nor on their lengths. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

function refuse(status: 400 | 401 | 403 | 404, reason: string): Verdict {
  return { kind: 'refuse', status, reason }
}
