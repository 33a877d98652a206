import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname as osHostname } from 'node:os'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Log } from '../../contract/engine-surroundings.ts'
import { UserFacingError } from '../../contract/errors.ts'
import { LIMITS } from '../../contract/limits.ts'
import type { Desk } from '../desk.ts'
import type { LogRefusal } from '../refusal-log.ts'
import { SECURITY_HEADERS } from '../security-headers.ts'
import { bracketed, createAccessGuard, namesFor, type AccessGuard, type Verdict } from './access-guard.ts'

/** The address could not be listened on. */
export class AddressUnavailable extends UserFacingError {
  constructor(sentence: string, cause: unknown) {
    super('AddressUnavailable', sentence, { cause })
  }
}

/** A window that reads so slowly is let go; it connects again and asks for the present state. */
const MOST_UNREAD_BYTES = LIMITS.messageBytes
const PULSE_MS = 30_000

export interface BrowserServerOptions {
  readonly desk: Pick<Desk, 'openWindow'>
  readonly handle: (request: Request) => Promise<Response>
  readonly hostname: string
  /** 0 takes a free one. */
  readonly port: number
  readonly log: Log
  readonly logRefusal: LogRefusal
}

export interface BrowserServer {
  /** With the token; for the person only. */
  readonly address: string
  readonly port: number
  close(): Promise<void>
}

/** Serves the interface over HTTP and its messages over a WebSocket. @throws AddressUnavailable */
export async function startBrowserServer(options: BrowserServerOptions): Promise<BrowserServer> {
  const { hostname, logRefusal } = options
  const answer = getRequestListener(options.handle, { overrideGlobalObjects: false })
  const server = createServer()
  const port = await listen(server, options.port, hostname)
  const guard = createAccessGuard(port, namesFor(hostname))

  server.on('request', (request, response) => {
    const verdict = guard.judgeRequest(headOf(request))
    switch (verdict.kind) {
      case 'allow':
        void answer(request, response)
        return
      case 'admit':
        end(response, 303, { 'Set-Cookie': verdict.cookie, Location: '/' })
        return
      case 'refuse':
        logRefusal(`A request was refused: ${verdict.reason}.`)
        end(response, verdict.status, {})
        return
    }
  })
  // What is no HTTP gets no answer that could tell anything.
  server.on('clientError', (_error, socket) => {
    logRefusal('A request was refused: it is no HTTP.')
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
  })
  const sockets = serveSockets(server, guard, options)

  return {
    address: `http://${bracketed(shownName(hostname))}:${String(port)}/?token=${guard.token}`,
    port,
    close: async () => {
      sockets.close()
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function serveSockets(server: Server, guard: AccessGuard, options: BrowserServerOptions): WebSocketServer {
  const { desk, log, logRefusal } = options
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LIMITS.requestLength,
    perMessageDeflate: false,
    clientTracking: true,
  })

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => {})
    const verdict: Verdict = guard.judgeUpgrade(headOf(request))
    if (verdict.kind !== 'allow') {
      const { status, reason } = verdict.kind === 'refuse' ? verdict : { status: 403, reason: 'no socket' }
      logRefusal(`A socket was refused: ${reason}.`)
      socket.end(`HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, socket, head, takeUp)
  })

  function takeUp(socket: WebSocket): void {
    const window = desk.openWindow({
      deliver: (text) => {
        if (socket.readyState !== socket.OPEN) return
        if (socket.bufferedAmount > MOST_UNREAD_BYTES) {
          log('warning', 'host', 'A window did not read what it was sent and was let go.')
          socket.terminate()
        } else socket.send(text)
      },
      hangUp: () => {
        socket.close(1008)
      },
    })
    let isAlive = true
    const pulse = setInterval(() => {
      if (!isAlive) socket.terminate()
      isAlive = false
      socket.ping()
    }, PULSE_MS)
    socket.on('pong', () => {
      isAlive = true
    })
    socket.on('message', (data, isBinary) => {
      if (isBinary) {
        logRefusal('A binary message of a window was refused.')
        socket.close(1003)
      } else window.receive((data as Buffer).toString('utf8'))
    })
    // Too long a message, broken UTF-8 and the like; the library closes the socket with the fitting code.
    socket.on('error', (error) => {
      logRefusal('A broken message of a window was refused.', (error as NodeJS.ErrnoException).code)
    })
    socket.on('close', () => {
      clearInterval(pulse)
      window.close()
    })
  }

  return sockets
}

function headOf(request: IncomingMessage): Parameters<AccessGuard['judgeRequest']>[0] {
  return { method: request.method ?? '', url: request.url ?? '', headers: request.headers }
}

function end(response: ServerResponse, status: number, headers: Record<string, string>): void {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    ...headers,
    'Cache-Control': 'no-store',
    'Content-Type': 'text/plain; charset=utf-8',
  })
  response.end(status === 401 ? 'Open the address that Maskwright printed when it started.\n' : undefined)
}

/** A name for the printed address that a browser can open. */
function shownName(hostname: string): string {
  return hostname === '0.0.0.0' || hostname === '::' ? osHostname() : hostname
}

function listen(server: Server, port: number, hostname: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'another program uses it' : (error.code ?? 'unknown reason')
      reject(new AddressUnavailable(`${hostname}:${String(port)} cannot be listened on: ${why}.`, error))
    })
    server.listen(port, hostname, () => {
      resolve((server.address() as AddressInfo).port)
    })
  })
}
