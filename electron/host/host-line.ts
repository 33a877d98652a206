import type { EngineOutput } from '../contract/host-link.ts'

/** The engine process's end of the line to its host. */
export interface HostLine {
  send(message: EngineOutput): void
  /** Messages arrive unchecked. */
  onMessage(listener: (message: unknown) => void): void
  /** The host is gone. */
  onClose(listener: () => void): void
  close(): void
}

/** What Electron puts at `process.parentPort` of a utility process. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  on(event: 'close', listener: () => void): void
}

/**
 * The line of this process to the host that started it, as a utility process of Electron or a child process of Node.
 * @throws Error when it was started by hand.
 */
export function lineToHost(): HostLine {
  const port = (process as unknown as { parentPort?: ParentPort }).parentPort
  if (port !== undefined) {
    return {
      send: (message) => {
        port.postMessage(message)
      },
      onMessage: (listener) => {
        port.on('message', (event) => {
          listener(event.data)
        })
      },
      // Electron ends its utility processes with itself.
      onClose: (listener) => {
        port.on('close', listener)
      },
      close: () => {},
    }
  }
  if (process.send === undefined)
    throw new Error('This process is an engine; a host of Maskwright starts it.')
  return {
    send: (message) => {
      // A host that is gone is told of by 'disconnect'.
      if (process.connected) process.send?.(message, undefined, undefined, () => {})
    },
    onMessage: (listener) => {
      process.on('message', listener)
    },
    onClose: (listener) => {
      process.on('disconnect', listener)
    },
    close: () => {
      if (process.connected) process.disconnect()
    },
  }
}
