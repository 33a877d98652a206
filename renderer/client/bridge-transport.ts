import type { DesktopBridge } from '../../electron/contract/desktop-bridge.ts'
import type { ConnectTransport } from './transport.ts'

/** A line over what the desktop app's preload script exposes. */
export function bridgeTransport(bridge: DesktopBridge): ConnectTransport {
  return (listeners) => {
    const line = bridge.connect({
      onOpen: () => {
        listeners.onOpen()
      },
      onMessage: (message) => {
        listeners.onMessage(message)
      },
      onClose: () => {
        listeners.onClose()
      },
    })
    return {
      post: (message) => {
        line.post(message)
      },
      close: () => {
        line.close()
      },
    }
  }
}
