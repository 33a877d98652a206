import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a file that is published has, and one that somebody changed. */
export const content = randomBytes(400_000)
export const wrongContent = Buffer.from(content).fill(0, 200_000, 200_010)
export const sha256 = createHash('sha256').update(content).digest('hex')

/** What the server does with the n-th request (from 0); the last one is repeated. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void

const servers: Server[] = []

/** A server of this machine that has the file, in its way. */
export interface Mirror {
  readonly url: string
  readonly requests: IncomingMessage[]
}

/** Serves until `closeMirrors`. */
export async function serve(...behaviours: Behaviour[]): Promise<Mirror> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    behaviours[Math.min(requests.length, behaviours.length) - 1]!(request, response)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/some.pt`, requests }
}

export function wantedStart(request: IncomingMessage): number {
  return Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
}

export function beginPart(request: IncomingMessage, response: ServerResponse, body: Buffer): number {
  const start = wantedStart(request)
  const headers = { 'content-length': body.length - start, etag: '"v1"' }
  if (start === 0) response.writeHead(200, headers)
  else
    response.writeHead(206, {
      ...headers,
      'content-range': `bytes ${start}-${body.length - 1}/${body.length}`,
    })
  return start
}

export const serves =
  (body: Buffer): Behaviour =>
  (request, response) =>
    response.end(body.subarray(beginPart(request, response, body)))

/** Sends a part and breaks the connection. */
export const cutsAfter =
  (bytes: number): Behaviour =>
  (request, response) => {
    const start = beginPart(request, response, content)
    response.write(content.subarray(start, start + bytes), () => response.destroy())
  }

/** Sends a part and then nothing. */
export const stallsAfter =
  (bytes: number): Behaviour =>
  (request, response) => {
    const start = beginPart(request, response, content)
    response.write(content.subarray(start, start + bytes))
  }

export const answers =
  (status: number, headers: Record<string, string> = {}): Behaviour =>
  (_, response) =>
    response.writeHead(status, headers).end()

/** Patience that does not keep tests waiting. */
export const patience = { stallMs: 600, firstRetryMs: 1, longestRetryMs: 5, maxFailures: 4 }

export async function closeMirrors(): Promise<void> {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}
