import {
  commands,
  type CommandName,
  type CommandParams,
  type CommandResult,
} from '../../electron/contract/commands.ts'
import { UserFacingError } from '../../electron/contract/errors.ts'
import { events, type EventName, type EventPayload } from '../../electron/contract/events.ts'
import { toFailure } from '../../electron/contract/failure.ts'
import { CONTRACT_VERSION } from '../../electron/contract/hello.ts'
import { requestMessageSchema, type RequestMessage } from '../../electron/contract/messages.ts'
import { createClient, type Client } from '../client/client.ts'
import type { TransportListeners } from '../client/transport.ts'

type Handler<Name extends CommandName> = (
  params: CommandParams<Name>,
) => CommandResult<Name> | Promise<CommandResult<Name>>

/** For tests: the other end of the line. What crosses it is held to the contract in both directions. */
export interface ScriptedHost {
  readonly client: Client
  /** Every request so far, in order. */
  readonly requests: RequestMessage[]
  /** How often the client tried to connect. */
  readonly attempts: () => number
  /** Answers a command from now on; a thrown UserFacingError becomes a failure. */
  answer<Name extends CommandName>(name: Name, handler: Handler<Name>): void
  emit<Name extends EventName>(name: Name, payload: EventPayload<Name>): void
  /** Lets an attempt to connect succeed. */
  accept(): void
  /** Ends the line, or refuses the attempt. */
  drop(): void
  /** Sends anything at all. */
  send(message: unknown): void
  /** Parameters of each request of one command. */
  paramsOf<Name extends CommandName>(name: Name): CommandParams<Name>[]
}

/** A host that is reached at once and greets; everything else is to be scripted. */
export function createScriptedHost({ acceptsAtOnce = true } = {}): ScriptedHost {
  const handlers = new Map<CommandName, (params: never) => unknown>()
  const requests: RequestMessage[] = []
  let listeners: TransportListeners | null = null
  let attempts = 0

  function send(message: unknown): void {
    // As over a real line: nothing but plain data gets through.
    listeners?.onMessage(JSON.parse(JSON.stringify(message)))
  }

  async function respond(message: unknown): Promise<void> {
    const request = requestMessageSchema.parse(JSON.parse(JSON.stringify(message)))
    const name = request.command as CommandName
    requests.push(request)
    const handler = handlers.get(name)
    const line = listeners
    try {
      if (handler === undefined) throw new UserFacingError('NotScripted', `${name} is not scripted.`)
      const result = commands[name].result.parse(
        await handler(commands[name].params.parse(request.params) as never),
      )
      if (line === listeners) send({ id: request.id, ok: true, result })
    } catch (error) {
      if (line === listeners) send({ id: request.id, ...toFailure(error) })
    }
  }

  const host: ScriptedHost = {
    requests,
    attempts: () => attempts,
    answer: (name, handler) => {
      handlers.set(name, handler as (params: never) => unknown)
    },
    emit: (name, payload) => {
      send({ event: name, payload: events[name].parse(payload) })
    },
    accept: () => {
      listeners?.onOpen()
    },
    drop: () => {
      const ended = listeners
      listeners = null
      ended?.onClose()
    },
    send,
    paramsOf: (name) =>
      requests
        .filter((request) => request.command === name)
        .map((request) => commands[name].params.parse(request.params)) as never,
    client: createClient((opened) => {
      attempts += 1
      listeners = opened
      if (acceptsAtOnce) queueMicrotask(host.accept)
      return {
        post: (message) => {
          void respond(message)
        },
        close: () => {
          host.drop()
        },
      }
    }),
  }
  host.answer('hello', () => ({
    contractVersion: CONTRACT_VERSION,
    appVersion: '1.2.3',
    host: { kind: 'browser', platform: 'linux', nativeDialogs: false, revealFiles: true, updates: false },
  }))
  return host
}

/** Lets everything that waits for promises only go on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}
