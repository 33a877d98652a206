import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { CommandParams, EngineCommandName } from '../contract/commands.ts'
import type { CreateEngine, HostedEngine, Log, SettingsStore } from '../contract/engine-surroundings.ts'
import { UserFacingError } from '../contract/errors.ts'
import { toFailure, TRANSPORT_CODES, type Failure } from '../contract/failure.ts'
import {
  engineInputSchema,
  type EngineInput,
  type EngineOutput,
  type StartMessage,
} from '../contract/host-link.ts'
import { failureSentence } from '../engine/failure-sentence.ts'
import { diagnosticsText } from './diagnostics.ts'
import type { HostLine } from './host-line.ts'
import { LOG_FOLDER_NAME, readLastProblems } from './log-file.ts'
import { describeDetail } from './log-entry.ts'
import { openRecentProjects } from './recent-projects.ts'
import { openSettingsFile } from './settings-file.ts'

/** How long an engine may take to close when its host is gone. */
const ORPHAN_GRACE_MS = 10_000

/** How long the last messages may take to reach the host. */
const FLUSH_MS = 100

/**
 * Runs an engine in this process for the host at the other end of the line, until the host says so or is gone. This
 * process ends with the engine.
 */
export function serveEngine(line: HostLine, createEngine: CreateEngine): void {
  const pictures = new Map<number, AbortController>()
  let engine: HostedEngine | null = null
  let settings: SettingsStore | null = null
  let ending = false

  const send = (message: EngineOutput): void => {
    line.send(message)
  }
  const log: Log = (level, scope, message, detail) => {
    send({
      kind: 'log',
      level,
      scope,
      message: message.slice(0, 4_096),
      ...(detail === undefined ? {} : { detail: describeDetail(detail) }),
    })
  }

  async function start(message: StartMessage): Promise<void> {
    const { appVersion, dataFolder, resourcesFolder } = message
    settings = await openSettingsFile(join(dataFolder, 'settings.json'), log)
    const recent = await openRecentProjects(join(dataFolder, 'recent-projects.json'), log)
    engine = await createEngine({
      appVersion,
      dataFolder,
      resourcesFolder,
      settings,
      recent,
      log,
      diagnostics: async (lines) =>
        diagnosticsText({
          appVersion,
          lines,
          problems: await readLastProblems(join(dataFolder, LOG_FOLDER_NAME)),
        }),
      emit: (event, payload) => {
        send({ kind: 'event', event, payload })
      },
      projectPathChanged: (path) => {
        send({ kind: 'projectPath', path })
      },
      offerFile: (path) => {
        const token = randomBytes(24).toString('base64url')
        send({ kind: 'offerFile', token, path })
        return token
      },
    })
    for (const notice of settings.notices) {
      send({
        kind: 'event',
        event: 'notice',
        payload: { level: 'warning', code: 'SettingsDamaged', message: notice },
      })
    }
    if (message.openPath !== null) await open(engine, message.openPath)
    send({ kind: 'ready' })
  }

  /** What cannot be opened is told, not thrown: the engine itself stands. */
  async function open(standing: HostedEngine, path: string): Promise<void> {
    try {
      await standing.open(path)
    } catch (error) {
      log('warning', 'engine', 'What was to be opened could not be opened.', error)
      const { code, message } = failureOf(error)
      send({ kind: 'event', event: 'notice', payload: { level: 'error', code, message } })
    }
  }

  async function answer(message: Extract<EngineInput, { kind: 'call' }>): Promise<void> {
    const { callId, command, params, mark } = message
    try {
      if (engine === null) throw notStanding()
      // The host has put the params through the schema of this very command.
      const result = await engine.call(
        command as EngineCommandName,
        params as CommandParams<EngineCommandName>,
        mark,
      )
      send({ kind: 'answer', callId, result })
    } catch (error) {
      refuse(callId, command, error)
    }
  }

  async function answerPicture(message: Extract<EngineInput, { kind: 'picture' }>): Promise<void> {
    const { callId, address } = message
    const cancelled = new AbortController()
    pictures.set(callId, cancelled)
    try {
      if (engine === null) throw notStanding()
      const { mediaType, bytes } = await engine.picture(address, cancelled.signal)
      send({ kind: 'picture', callId, mediaType, bytes })
    } catch (error) {
      if (!cancelled.signal.aborted) refuse(callId, 'picture', error)
    } finally {
      pictures.delete(callId)
    }
  }

  function refuse(callId: number, what: string, error: unknown): void {
    if (failureSentence(error) === null) log('error', 'engine', `${what} failed unexpectedly.`, error)
    send({ kind: 'refusal', callId, failure: failureOf(error) })
  }

  async function end(code: number): Promise<void> {
    if (ending) return
    ending = true
    setTimeout(() => process.exit(1), ORPHAN_GRACE_MS).unref()
    try {
      for (const cancelled of pictures.values()) cancelled.abort()
      await Promise.all([engine?.close(), settings?.settled()])
    } catch (error) {
      log('error', 'engine', 'The engine did not close cleanly.', error)
      code = 1
    }
    process.exitCode = code
    line.close()
    // What was sent last is on its way; nothing else may keep this process.
    setTimeout(() => process.exit(code), FLUSH_MS)
  }

  function receive(message: EngineInput): void {
    switch (message.kind) {
      case 'start':
        start(message).catch((error: unknown) => {
          log('error', 'engine', 'The engine could not be started.', error)
          send({ kind: 'startFailed', failure: failureOf(error) })
          void end(1)
        })
        return
      case 'call':
        void answer(message)
        return
      case 'picture':
        void answerPicture(message)
        return
      case 'cancelPicture':
        pictures.get(message.callId)?.abort()
        return
      case 'grantFile':
        engine?.grantFile({ token: message.token, path: message.path, purpose: message.purpose })
        return
      case 'revokeFile':
        engine?.revokeFile(message.token)
        return
      case 'open':
        if (engine !== null) void open(engine, message.path)
        return
      case 'ping':
        send({ kind: 'pong' })
        return
      case 'shutDown':
        void end(0)
        return
    }
  }

  line.onMessage((message) => {
    const checked = engineInputSchema.safeParse(message)
    if (checked.success) receive(checked.data)
    else log('error', 'engine', 'A message of the host broke the contract.', checked.error.issues)
  })
  line.onClose(() => void end(0))

  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      // The state is unknown from here on. A new engine takes over with what is on disk.
      log('error', 'engine', 'The engine met an error that nobody handled and ends.', error)
      setTimeout(() => process.exit(1), FLUSH_MS)
    })
  }
}

/** Errors of the model layer have words for the person, too, but cannot know the contract. */
function failureOf(error: unknown): Failure {
  const sentence = error instanceof UserFacingError ? null : failureSentence(error)
  return toFailure(sentence === null ? error : new UserFacingError('ModelFailed', sentence, { cause: error }))
}

function notStanding(): UserFacingError {
  return new UserFacingError(TRANSPORT_CODES.engineUnavailable, 'The engine is not ready yet.')
}
