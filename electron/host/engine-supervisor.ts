import type { EngineCommandName } from '../contract/commands.ts'
import type { Log } from '../contract/engine-surroundings.ts'
import type { EngineStatus } from '../contract/events.ts'
import type { FrameAddress } from '../contract/frame-url.ts'
import type { EngineLink, FileGrant, LinkEnd, Picture, StartMessage } from '../contract/host-link.ts'
import type { Mark } from '../contract/history.ts'
import type { EventMessage } from '../contract/messages.ts'
import { toFailure } from '../contract/failure.ts'
import { connectEngine, type ConnectionTiming, type EngineConnection } from './engine-connection.ts'
import { EngineUnavailable } from './engine-unavailable.ts'

export interface SupervisorTiming extends ConnectionTiming {
  /** Wait before the first, second, ... restart in a row. */
  readonly backOffMs: readonly number[]
  /** So many restarts within `windowMs` are made; one more end, and it is given up. */
  readonly restarts: number
  readonly windowMs: number
  /** How long an engine may take to finish when it is told to. */
  readonly graceMs: number
}

const TIMING: SupervisorTiming = {
  heartbeatMs: 5_000,
  silenceMs: 10 * 60_000,
  backOffMs: [250, 2_000, 5_000],
  restarts: 3,
  windowMs: 5 * 60_000,
  graceMs: 10_000,
}

export interface SupervisorOptions {
  /** Starts a process; it says nothing before it gets its start message. */
  readonly launch: () => EngineLink
  readonly start: Omit<StartMessage, 'kind' | 'openPath'>
  /** A file or folder to open first; null opens the sample project. */
  readonly openPath: string | null
  readonly log: Log
  /** Events of the engine, and of the supervisor about it. */
  readonly onEvent: (message: EventMessage) => void
  readonly onOfferedFile: (token: string, path: string) => void
  readonly timing?: Partial<SupervisorTiming>
}

/** Keeps an engine process alive and answers for it. */
export interface EngineSupervisor {
  readonly status: EngineStatus
  readonly processId: number | undefined
  /**
   * Waits while the engine starts; `grants` are the files that the params stand for.
   * @throws UserFacingError its refusal; EngineUnavailable when it ends first.
   */
  call(
    command: EngineCommandName,
    params: unknown,
    mark: Mark | undefined,
    grants?: readonly FileGrant[],
  ): Promise<unknown>
  /** @throws as `call`, and the signal's reason when it fires. */
  picture(address: FrameAddress, signal: AbortSignal): Promise<Picture>
  revokeFile(token: string): void
  /** Opens what the person named from outside; now, or as soon as the engine stands. */
  open(path: string): void
  /** Starts again after it was given up; does nothing otherwise. */
  restart(): void
  /** Ends the engine for good: it may finish, and is killed after the grace time. */
  dispose(): Promise<void>
}

/**
 * Starts an engine and sees to it that one runs: when its process ends, calls under way are rejected with
 * EngineUnavailable, it is started again after a pause, and what was open is opened again. An engine that keeps ending
 * is given up with the state `failed`.
 */
export function superviseEngine(options: SupervisorOptions): EngineSupervisor {
  const { log, onEvent } = options
  const timing = { ...TIMING, ...options.timing }
  let status: EngineStatus = { state: 'starting', attempt: 0, message: null }
  let openPath = options.openPath
  let wantsSample = openPath === null
  let openWhenReady: string | null = null
  let connection: EngineConnection | null = null
  let disposing: Promise<void> | null = null
  let restartTimer: ReturnType<typeof setTimeout> | undefined
  let restartTimesMs: number[] = []
  let attempt = 0
  let startFailure: string | null = null
  /** Calls that wait for the state to become ready or failed. */
  let waiting: (() => void)[] = []

  function setStatus(state: EngineStatus['state'], message: string | null): void {
    if (state === 'ready') attempt = 0
    status = { state, attempt, message }
    onEvent({ event: 'engine.status', payload: status })
    if (state === 'ready' || state === 'failed') release()
  }

  function release(): void {
    const released = waiting
    waiting = []
    for (const goOn of released) goOn()
  }

  function launch(): void {
    startFailure = null
    connection = connectEngine(
      options.launch(),
      {
        onReady: ready,
        onEvent,
        onProjectPath: (path) => {
          openPath = path
          wantsSample = false
        },
        onOfferedFile: options.onOfferedFile,
        onStartFailed: (sentence) => {
          startFailure = sentence
        },
        onClosed: ended,
      },
      timing,
      log,
    )
    connection.send({ kind: 'start', ...options.start, openPath })
  }

  function ready(): void {
    const again = status.state === 'restarting'
    setStatus('ready', null)
    if (again) {
      notice(
        'warning',
        'EngineRestarted',
        'The engine stopped and was started again. Nothing saved was lost.',
      )
    }
    if (openWhenReady !== null) {
      connection?.send({ kind: 'open', path: openWhenReady })
      openWhenReady = null
    }
    if (wantsSample) void openSample()
  }

  async function openSample(): Promise<void> {
    try {
      await connection?.call('project.openSample', {}, undefined)
      wantsSample = false
    } catch (error) {
      // An engine that died over it gets another try with the next one.
      if (error instanceof EngineUnavailable) return
      wantsSample = false
      log('warning', 'host', 'The sample project could not be opened.', error)
      const { code, message } = toFailure(error)
      notice('warning', code, message)
    }
  }

  function ended(end: LinkEnd): void {
    connection = null
    if (disposing !== null) return
    log('error', 'host', `The engine ended (code ${String(end.code)}, signal ${String(end.signal)}).`, {
      lastErrorLines: end.lastErrorLines,
    })
    const nowMs = performance.now()
    restartTimesMs = restartTimesMs.filter((timeMs) => nowMs - timeMs < timing.windowMs)
    if (restartTimesMs.length >= timing.restarts) {
      const why = startFailure ?? 'It keeps stopping.'
      setStatus('failed', `The engine could not be kept running. ${why} What was saved is safe.`)
      notice('error', 'EngineFailed', status.message ?? why)
      return
    }
    const pauseMs = timing.backOffMs[Math.min(restartTimesMs.length, timing.backOffMs.length - 1)] ?? 0
    restartTimesMs.push(nowMs)
    attempt++
    setStatus('restarting', 'The engine stopped and is being started again. What was saved is safe.')
    restartTimer = setTimeout(launch, pauseMs)
  }

  function notice(level: 'warning' | 'error', code: string, message: string): void {
    onEvent({ event: 'notice', payload: { level, code, message } })
  }

  async function standing(signal?: AbortSignal): Promise<EngineConnection> {
    if (disposing === null && (status.state === 'starting' || status.state === 'restarting')) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        signal?.addEventListener('abort', () => resolve(), { once: true })
      })
    }
    signal?.throwIfAborted()
    if (connection !== null && disposing === null) return connection
    const why = disposing === null ? status.message : null
    throw new EngineUnavailable(why ?? 'Maskwright is closing. What was saved is safe.')
  }

  setStatus('starting', null)
  launch()

  return {
    get status() {
      return status
    },
    get processId() {
      return connection?.processId
    },
    call: async (command, params, mark, grants = []) => {
      const engine = await standing()
      for (const grant of grants) engine.send({ kind: 'grantFile', ...grant })
      return engine.call(command, params, mark)
    },
    picture: async (address, signal) => (await standing(signal)).picture(address, signal),
    revokeFile: (token) => {
      connection?.send({ kind: 'revokeFile', token })
    },
    open: (path) => {
      wantsSample = false
      if (status.state === 'ready') connection?.send({ kind: 'open', path })
      else openWhenReady = path
    },
    restart: () => {
      if (status.state !== 'failed' || disposing !== null) return
      restartTimesMs = []
      attempt = 0
      setStatus('starting', null)
      launch()
    },
    dispose: () => {
      clearTimeout(restartTimer)
      disposing ??= connection?.shutDown(timing.graceMs) ?? Promise.resolve()
      release()
      return disposing
    },
  }
}
