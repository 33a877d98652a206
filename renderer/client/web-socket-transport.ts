import type { ConnectTransport } from './transport.ts'

/**
 * Where the browser host's socket is, seen from the address of the page: beside it, with the same token, whether that
 * stands in the path or in the query.
 */
export function socketAddress(pageAddress: string): string {
  const page = new URL(pageAddress)
  const address = new URL('socket', page)
  address.protocol = page.protocol === 'https:' ? 'wss:' : 'ws:'
  const token = page.searchParams.get('token')
  if (token !== null) address.searchParams.set('token', token)
  return address.href
}

/** A line over a WebSocket; messages are JSON texts. */
export function webSocketTransport(address: string): ConnectTransport {
  return (listeners) => {
    const socket = new WebSocket(address)
    let ended = false
    const end = (): void => {
      if (ended) return
      ended = true
      listeners.onClose()
    }
    socket.addEventListener('open', () => {
      listeners.onOpen()
    })
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (ended || typeof event.data !== 'string') return
      listeners.onMessage(JSON.parse(event.data))
    })
    socket.addEventListener('error', end)
    socket.addEventListener('close', end)
    return {
      post: (message) => {
        socket.send(JSON.stringify(message))
      },
      close: () => {
        socket.close()
        end()
      },
    }
  }
}
