import { z } from 'zod'
import { commands, type EngineCommandName } from '../contract/commands.ts'
import type { Log } from '../contract/engine-surroundings.ts'
import { UserFacingError } from '../contract/errors.ts'
import { events } from '../contract/events.ts'
import type { FrameAddress } from '../contract/frame-url.ts'
import {
  engineOutputSchema,
  type EngineInput,
  type EngineLink,
  type EngineOutput,
  type LinkEnd,
  type Picture,
} from '../contract/host-link.ts'
import type { Mark } from '../contract/history.ts'
import type { EventMessage } from '../contract/messages.ts'
import { EngineUnavailable } from './engine-unavailable.ts'

export interface ConnectionListeners {
  onReady(): void
  /** An event whose payload has passed its schema. */
  onEvent(message: EventMessage): void
  onProjectPath(path: string | null): void
  onOfferedFile(token: string, path: string): void
  /** The engine said why it cannot stand; its process ends next. */
  onStartFailed(sentence: string): void
  /** The process has ended; all pending calls have been rejected. Called once. */
  onClosed(end: LinkEnd): void
}

export interface ConnectionTiming {
  /** Time between two heartbeats. */
  readonly heartbeatMs: number
  /** An engine that was silent for so long is killed. Models run on its thread, so this is minutes. */
  readonly silenceMs: number
}

/** The line to one engine process, from its start to its end. */
export interface EngineConnection {
  readonly processId: number | undefined
  /** @throws UserFacingError the engine's refusal; EngineUnavailable when its process ends first. */
  call(command: EngineCommandName, params: unknown, mark: Mark | undefined): Promise<unknown>
  /** @throws as `call`, and the signal's reason when it fires. */
  picture(address: FrameAddress, signal: AbortSignal): Promise<Picture>
  send(message: EngineInput): void
  /** Lets the engine finish; kills it when that takes longer than `graceMs`. Resolves when the process is gone. */
  shutDown(graceMs: number): Promise<void>
  kill(): void
}

interface Pending {
  readonly command: EngineCommandName | null
  resolve(value: unknown): void
  reject(error: Error): void
}

const callIdSchema = z.object({ callId: z.int() })

/** Watches over a started engine process: pairs answers with calls, checks what comes, and listens for its heart. */
export function connectEngine(
  link: EngineLink,
  listeners: ConnectionListeners,
  timing: ConnectionTiming,
  log: Log,
): EngineConnection {
  const pending = new Map<number, Pending>()
  let nextCallId = 0
  /** null until it said something: loading its code may take long on a busy machine. */
  let lastHeardMs: number | null = null
  let ended = false
  let markClosed: () => void
  const closed = new Promise<void>((resolve) => {
    markClosed = resolve
  })

  const heartbeat = setInterval(() => {
    if (lastHeardMs !== null && performance.now() - lastHeardMs > timing.silenceMs) {
      log('error', 'engine', 'The engine did not answer and is ended.')
      link.kill()
    } else link.send({ kind: 'ping' })
  }, timing.heartbeatMs)

  function ask(
    command: EngineCommandName | null,
    message: (callId: number) => EngineInput,
  ): { callId: number; answer: Promise<unknown> } {
    const callId = nextCallId++
    const answer = new Promise((resolve, reject) => {
      if (ended) reject(stopped())
      else pending.set(callId, { command, resolve, reject })
    })
    link.send(message(callId))
    return { callId, answer }
  }

  function take(callId: number): Pending | undefined {
    const call = pending.get(callId)
    pending.delete(callId)
    return call
  }

  function settle(call: Pending, result: unknown): void {
    if (call.command === null) return
    const checked = commands[call.command].result.safeParse(result)
    if (checked.success) call.resolve(checked.data)
    else {
      log(
        'error',
        'engine',
        `The engine's answer to ${call.command} broke the contract.`,
        checked.error.issues,
      )
      call.reject(new Error('The answer broke the contract.', { cause: checked.error }))
    }
  }

  function announce(message: Extract<EngineOutput, { kind: 'event' }>): void {
    const checked = events[message.event].safeParse(message.payload)
    if (checked.success) listeners.onEvent({ event: message.event, payload: checked.data } as EventMessage)
    else
      log('error', 'engine', `The engine's event ${message.event} broke the contract.`, checked.error.issues)
  }

  function receive(message: EngineOutput): void {
    switch (message.kind) {
      case 'ready':
        listeners.onReady()
        return
      case 'startFailed':
        listeners.onStartFailed(message.failure.message)
        return
      case 'answer': {
        const call = take(message.callId)
        if (call !== undefined) settle(call, message.result)
        return
      }
      case 'refusal':
        take(message.callId)?.reject(new UserFacingError(message.failure.code, message.failure.message))
        return
      case 'picture': {
        const call = take(message.callId)
        if (call?.command === null) call.resolve({ mediaType: message.mediaType, bytes: message.bytes })
        return
      }
      case 'event':
        announce(message)
        return
      case 'projectPath':
        listeners.onProjectPath(message.path)
        return
      case 'offerFile':
        listeners.onOfferedFile(message.token, message.path)
        return
      case 'log':
        log(message.level, message.scope, message.message, message.detail)
        return
      case 'pong':
        return
    }
  }

  link.onMessage((message) => {
    lastHeardMs = performance.now()
    const checked = engineOutputSchema.safeParse(message)
    if (checked.success) {
      receive(checked.data)
      return
    }
    log('error', 'engine', 'A message of the engine broke the contract.', checked.error.issues)
    const { data } = callIdSchema.safeParse(message)
    if (data !== undefined) take(data.callId)?.reject(new Error('The answer broke the contract.'))
  })

  link.onClose((end) => {
    ended = true
    clearInterval(heartbeat)
    for (const call of pending.values()) call.reject(stopped())
    pending.clear()
    listeners.onClosed(end)
    markClosed()
  })

  return {
    processId: link.processId,
    call: (command, params, mark) =>
      ask(command, (callId) => ({
        kind: 'call',
        callId,
        command,
        params,
        ...(mark === undefined ? {} : { mark }),
      })).answer,
    picture: async (address, signal) => {
      signal.throwIfAborted()
      const { callId, answer } = ask(null, (id) => ({ kind: 'picture', callId: id, address }))
      const cancel = (): void => {
        take(callId)?.reject(signal.reason as Error)
        link.send({ kind: 'cancelPicture', callId })
      }
      signal.addEventListener('abort', cancel, { once: true })
      try {
        return (await answer) as Picture
      } finally {
        signal.removeEventListener('abort', cancel)
      }
    },
    send: (message) => {
      link.send(message)
    },
    shutDown: async (graceMs) => {
      link.send({ kind: 'shutDown' })
      const deadline = setTimeout(() => {
        log('warning', 'engine', 'The engine did not end in time and is killed.')
        link.kill()
      }, graceMs)
      await closed
      clearTimeout(deadline)
    },
    kill: () => {
      link.kill()
    },
  }
}

function stopped(): EngineUnavailable {
  return new EngineUnavailable(
    'The engine stopped before it could answer. What was saved is safe; try it again when the engine is back.',
  )
}
