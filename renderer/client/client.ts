import { z } from 'zod'
import {
  commands,
  type CommandInput,
  type CommandName,
  type CommandResult,
} from '../../electron/contract/commands.ts'
import { events, type EventName, type EventPayload } from '../../electron/contract/events.ts'
import { TRANSPORT_CODES } from '../../electron/contract/failure.ts'
import { CONTRACT_VERSION, type HelloResult } from '../../electron/contract/hello.ts'
import type { Mark } from '../../electron/contract/history.ts'
import { eventMessageSchema, responseMessageSchema } from '../../electron/contract/messages.ts'
import { CallFailed, LineLost } from './call-failed.ts'
import type { ConnectTransport, Transport } from './transport.ts'

/**
 * `connecting` has never been open; `lost` was open and is being opened again; `refused` is final: the host speaks
 * another version of the contract.
 */
export type LineState = 'connecting' | 'open' | 'lost' | 'refused' | 'closed'

export interface Client {
  readonly state: LineState
  /**
   * Calls the host or engine. `mark` ties edits into one step of the history.
   * @throws CallFailed with the sentence to show; LineLost when no answer can come any more.
   */
  call<Name extends CommandName>(
    name: Name,
    params: CommandInput<Name>,
    options?: { mark?: Mark },
  ): Promise<CommandResult<Name>>
  /** Listens to an event; returns how to stop. */
  on<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void
  /** Told at each change of the state; with the host's greeting when it opens. */
  onState(listener: (state: LineState, hello: HelloResult | null) => void): () => void
  close(): void
}

interface PendingCall {
  readonly command: CommandName
  resolve(result: unknown): void
  reject(error: Error): void
}

/**
 * Answers that carry masks or lanes by the thousand. The host has checked them; checking each run-length string once
 * more would cost more than drawing it.
 */
const CHECKED_BY_HOST: ReadonlySet<CommandName | EventName> = new Set([
  'masks.get',
  'masks.updated',
  'versions.masks',
  'timeline.summary',
  'video.presentationTimes',
])

/** What is needed to find the call of an answer, however spoilt the rest of it is. */
const answeredSchema = z.object({ id: z.int() })

const FIRST_DELAY_MS = 250
const LONGEST_DELAY_MS = 5_000

/** How long to wait before the n-th attempt in a row, from 1. */
export function reconnectDelayMs(attempt: number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1))
}

/** A typed line to the host that opens itself again when it is lost. Connects at once. */
export function createClient(connect: ConnectTransport): Client {
  const pending = new Map<number, PendingCall>()
  const eventListeners = new Map<EventName, Set<(payload: never) => void>>()
  const stateListeners = new Set<(state: LineState, hello: HelloResult | null) => void>()
  let state: LineState = 'connecting'
  let transport: Transport | null = null
  let lineIsUp = false
  let nextId = 0
  let attempt = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function setState(next: LineState, hello: HelloResult | null = null): void {
    state = next
    for (const listener of stateListeners) listener(next, hello)
  }

  function send<Name extends CommandName>(
    command: Name,
    params: CommandInput<Name>,
    mark?: Mark,
  ): Promise<CommandResult<Name>> {
    if (transport === null || !lineIsUp) return Promise.reject(new LineLost(command))
    const id = nextId++
    const answered = new Promise<unknown>((resolve, reject) => {
      pending.set(id, { command, resolve, reject })
    })
    transport.post({ id, command, params, ...(mark === undefined ? {} : { mark }) })
    return answered as Promise<CommandResult<Name>>
  }

  function settle(message: unknown): void {
    const { id } = answeredSchema.parse(message)
    const call = pending.get(id)
    if (call === undefined) return
    pending.delete(id)
    const parsed = responseMessageSchema.safeParse(message)
    if (!parsed.success) {
      call.reject(new CallFailed(call.command, unreadable(parsed.error)))
      return
    }
    const response = parsed.data
    if (!response.ok) {
      call.reject(new CallFailed(call.command, response))
      return
    }
    if (CHECKED_BY_HOST.has(call.command)) {
      call.resolve(response.result)
      return
    }
    const result = commands[call.command].result.safeParse(response.result)
    if (result.success) call.resolve(result.data)
    else call.reject(new CallFailed(call.command, unreadable(result.error)))
  }

  function announce(message: unknown): void {
    const { event, payload } = eventMessageSchema.parse(message)
    const data: unknown = CHECKED_BY_HOST.has(event) ? payload : events[event].parse(payload)
    for (const listener of eventListeners.get(event) ?? []) listener(data as never)
  }

  function receive(message: unknown): void {
    try {
      if (typeof message === 'object' && message !== null && 'event' in message) announce(message)
      else settle(message)
    } catch (error) {
      // A message that neither side of the contract knows must not end the line.
      console.error('A message of the host could not be read', error)
    }
  }

  function greet(): void {
    send('hello', { contractVersion: CONTRACT_VERSION }).then(
      (hello) => {
        if (hello.contractVersion !== CONTRACT_VERSION) {
          setState('refused')
          transport?.close()
          return
        }
        attempt = 0
        setState('open', hello)
      },
      (error: unknown) => {
        if (error instanceof CallFailed && error.code === TRANSPORT_CODES.contractMismatch)
          setState('refused')
        transport?.close()
      },
    )
  }

  function open(): void {
    transport = connect({
      onOpen: () => {
        lineIsUp = true
        greet()
      },
      onMessage: receive,
      onClose: () => {
        lineIsUp = false
        transport = null
        const lost = [...pending.values()]
        pending.clear()
        for (const call of lost) call.reject(new LineLost(call.command))
        if (state === 'closed' || state === 'refused') return
        if (state === 'open') setState('lost')
        attempt += 1
        timer = setTimeout(open, reconnectDelayMs(attempt))
      },
    })
  }

  // Not at once, so that listeners of the first greeting can be added.
  queueMicrotask(open)

  return {
    get state() {
      return state
    },
    call: (name, params, options) => send(name, params, options?.mark),
    on: (name, listener) => {
      const listeners = eventListeners.get(name) ?? new Set()
      eventListeners.set(name, listeners)
      listeners.add(listener as (payload: never) => void)
      return () => {
        listeners.delete(listener as (payload: never) => void)
      }
    },
    onState: (listener) => {
      stateListeners.add(listener)
      return () => {
        stateListeners.delete(listener)
      }
    },
    close: () => {
      setState('closed')
      clearTimeout(timer)
      transport?.close()
    },
  }
}

function unreadable(cause: Error): { code: string; message: string } {
  console.error('An answer of the host could not be read', cause)
  return {
    code: TRANSPORT_CODES.invalidMessage,
    message: 'The answer could not be read. Nothing was lost; restart Maskwright if it happens again.',
  }
}
