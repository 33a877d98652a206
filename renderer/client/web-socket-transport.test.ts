import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket as NodeWebSocket, WebSocketServer } from 'ws'
import { socketAddress, webSocketTransport } from './web-socket-transport.ts'

test.each([
  ['http://127.0.0.1:4000/', 'ws://127.0.0.1:4000/socket'],
  ['http://127.0.0.1:4000/?token=abc', 'ws://127.0.0.1:4000/socket?token=abc'],
  ['http://localhost:4000/abc/#x', 'ws://localhost:4000/abc/socket'],
  ['https://box.example/studio/?token=a%2Bb&other=1', 'wss://box.example/studio/socket?token=a%2Bb'],
])('the socket of %s is %s', (page, socket) => {
  expect(socketAddress(page)).toBe(socket)
})

let server: WebSocketServer

beforeEach(async () => {
  vi.stubGlobal('WebSocket', NodeWebSocket)
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
})

afterEach(async () => {
  vi.unstubAllGlobals()
  for (const socket of server.clients) socket.terminate()
  await new Promise((resolve) => server.close(resolve))
})

function address(): string {
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the server has no port')
  return `ws://127.0.0.1:${bound.port}/socket`
}

test('messages go both ways as JSON, and the end is told once', async () => {
  const received = new Promise<unknown>((resolve) => {
    server.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => {
        resolve(JSON.parse(data.toString()))
        socket.send(JSON.stringify({ id: 0, ok: true, result: {} }))
      })
    })
  })
  const closed = vi.fn()
  const answered = new Promise<unknown>((resolve) => {
    const transport = webSocketTransport(address())({
      onOpen: () => {
        transport.post({ id: 0, command: 'history.undo', params: {} })
      },
      onMessage: (message) => {
        transport.close()
        resolve(message)
      },
      onClose: closed,
    })
  })
  await expect(received).resolves.toEqual({ id: 0, command: 'history.undo', params: {} })
  await expect(answered).resolves.toEqual({ id: 0, ok: true, result: {} })
  await vi.waitFor(() => {
    expect(server.clients.size).toBe(0)
  })
  expect(closed).toHaveBeenCalledTimes(1)
})

test('a host that is not there is a closed line', async () => {
  const nowhere = address()
  await new Promise((resolve) => server.close(resolve))
  await new Promise<void>((resolve) => {
    webSocketTransport(nowhere)({
      onOpen: () => {
        throw new Error('nobody listens there')
      },
      onMessage: () => undefined,
      onClose: resolve,
    })
  })
})
