import type { RequestMessage } from '../../electron/contract/messages.ts'

export interface TransportListeners {
  /** The line stands; messages may be posted. */
  onOpen(): void
  /** A parsed message, not yet checked. */
  onMessage(message: unknown): void
  /** The line ended or never came about. Called at most once, and nothing after it. */
  onClose(): void
}

export interface Transport {
  post(message: RequestMessage): void
  close(): void
}

/** Opens one line to the host. */
export type ConnectTransport = (listeners: TransportListeners) => Transport
