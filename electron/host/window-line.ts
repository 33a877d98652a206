import { z } from 'zod'
import {
  commands,
  type CommandName,
  type CommandParams,
  type CommandResult,
  type EngineCommandName,
  type HostCommandName,
} from '../contract/commands.ts'
import type { Log } from '../contract/engine-surroundings.ts'
import { UserFacingError } from '../contract/errors.ts'
import { toFailure, TRANSPORT_CODES, type Failure } from '../contract/failure.ts'
import { CONTRACT_VERSION, type HelloResult } from '../contract/hello.ts'
import { LIMITS } from '../contract/limits.ts'
import { requestMessageSchema, type RequestMessage, type ResponseMessage } from '../contract/messages.ts'
import type { LogRefusal } from './refusal-log.ts'

/** Calls of one window that may wait for their answers at the same time. */
const MOST_UNANSWERED = 2_000

/** The calls that hosts answer, but for the greeting. */
export type HostHandlers = {
  readonly [Name in Exclude<HostCommandName, 'hello'>]: (
    params: CommandParams<Name>,
    windowId: number,
  ) => Promise<CommandResult<Name>>
}

export interface WindowLineOptions {
  readonly windowId: number
  readonly hello: HelloResult
  readonly handlers: HostHandlers
  /**
   * Passes a call on; called in the order in which the calls came. The outer promise is done when it is on its way, the inner
   * one when it is answered.
   */
  readonly callEngine: (
    command: EngineCommandName,
    params: unknown,
    mark: RequestMessage['mark'],
  ) => Promise<{ readonly answer: Promise<unknown> }>
  /** Takes a message for the window, as JSON. */
  readonly deliver: (text: string) => void
  /** Ends a line whose other end does not speak the contract. */
  readonly hangUp: () => void
  /** The window said hello and gets events from now on. */
  readonly onHello: () => void
  readonly logRefusal: LogRefusal
  readonly log: Log
}

/** One window's line into the host. */
export interface WindowLine {
  /** Takes a text that came from the window, whatever it is. Never throws. */
  receive(text: string): void
}

const idSchema = z.object({ id: requestMessageSchema.shape.id })

/** Reads a window's messages: checks every one, has it answered by host or engine, refuses what breaks the contract. */
export function createWindowLine(options: WindowLineOptions): WindowLine {
  const { windowId, log, logRefusal } = options
  let greeted = false
  let unanswered = 0
  /** Calls go on their way one after the other, so that later ones never overtake. */
  let sending: Promise<unknown> = Promise.resolve()

  function respond(message: ResponseMessage): void {
    options.deliver(JSON.stringify(message))
  }

  function refuse(id: number, code: string, message: string, detail?: unknown): void {
    logRefusal(`A call of window ${String(windowId)} was refused: ${code}.`, detail)
    respond({ id, ok: false, code, message })
  }

  function hangUp(why: string): void {
    logRefusal(`Window ${String(windowId)} sent ${why}; its line was ended.`)
    options.hangUp()
  }

  function read(text: string): RequestMessage | null {
    if (text.length > LIMITS.requestLength) {
      hangUp('a message that is too long')
      return null
    }
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      hangUp('something that is no message')
      return null
    }
    const message = requestMessageSchema.safeParse(value)
    if (message.success) return message.data
    const { data } = idSchema.safeParse(value)
    if (data === undefined) {
      hangUp('a message without an id')
      return null
    }
    const issues = whereOf(message.error)
    const isUnknown = issues.some(({ path }) => path === 'command')
    refuse(
      data.id,
      isUnknown ? TRANSPORT_CODES.unknownCommand : TRANSPORT_CODES.invalidMessage,
      'Maskwright does not know this request. Reload the window.',
      issues,
    )
    return null
  }

  /** @throws UserFacingError when the two sides speak different versions. */
  function greet({ contractVersion }: CommandParams<'hello'>): HelloResult {
    if (contractVersion !== CONTRACT_VERSION) {
      throw new UserFacingError(
        TRANSPORT_CODES.contractMismatch,
        'This window belongs to another version of Maskwright. Reload it.',
      )
    }
    greeted = true
    return options.hello
  }

  async function send(command: CommandName, params: unknown, mark: RequestMessage['mark']): Promise<Answer> {
    if (command === 'hello') return { answer: Promise.resolve(greet(params as CommandParams<'hello'>)) }
    if (isHostCommand(command)) {
      const handler = options.handlers[command] as (params: unknown, windowId: number) => Promise<unknown>
      return { answer: handler(params, windowId) }
    }
    return options.callEngine(command, params, mark)
  }

  async function handle(message: RequestMessage): Promise<void> {
    const { id, command, mark } = message
    if (!greeted && command !== 'hello') {
      refuse(id, TRANSPORT_CODES.contractMismatch, 'The window has to say hello first. Reload it.')
      return
    }
    const params = commands[command].params.safeParse(message.params)
    if (!params.success) {
      refuse(
        id,
        TRANSPORT_CODES.invalidMessage,
        'Maskwright could not use what the window sent; nothing was changed.',
        { command, issues: whereOf(params.error) },
      )
      return
    }
    if (unanswered >= MOST_UNANSWERED) {
      refuse(id, 'TooManyCalls', 'Too much is asked at once. Wait a moment and try it again.')
      return
    }
    unanswered++
    const sent = sending.then(() => send(command, params.data, mark))
    sending = sent.catch(() => {})
    try {
      const { answer } = await sent
      respond({ id, ok: true, result: await answer })
      if (command === 'hello') options.onHello()
    } catch (error) {
      respond({ id, ...failureOf(command, error) })
    } finally {
      unanswered--
    }
  }

  function failureOf(command: CommandName, error: unknown): Failure {
    if (!(error instanceof UserFacingError)) log('error', 'host', `${command} failed unexpectedly.`, error)
    return toFailure(error)
  }

  return {
    receive: (text) => {
      const message = read(text)
      if (message !== null) void handle(message)
    },
  }
}

interface Answer {
  readonly answer: Promise<unknown>
}

function isHostCommand(command: CommandName): command is HostCommandName {
  return commands[command].handledBy === 'host'
}

/** Where a message breaks its schema, without a word of what it says: a key that is none is the sender's word, too. */
function whereOf(error: z.ZodError): { path: string; code: string }[] {
  return error.issues.slice(0, 10).map(({ code, path }) => ({
    path: (code === 'invalid_key' ? path.slice(0, -1) : path).join('.').slice(0, 200),
    code,
  }))
}
