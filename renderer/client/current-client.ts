import { bridgeTransport } from './bridge-transport.ts'
import { createClient, type Client } from './client.ts'
import { socketAddress, webSocketTransport } from './web-socket-transport.ts'

let current: Client | null = null

/** Makes the client that all stores use. Called once before the first store; tests put their own. */
export function setClient(client: Client): void {
  current = client
}

/** The line to the host. */
export function useClient(): Client {
  if (current === null) throw new Error('setClient must come before the first store')
  return current
}

/** The client fit for the host around this page: the desktop app's bridge, else a WebSocket. */
export function clientForThisHost(): Client {
  const bridge = window.maskwrightHost
  return createClient(
    bridge === undefined ? webSocketTransport(socketAddress(window.location.href)) : bridgeTransport(bridge),
  )
}
