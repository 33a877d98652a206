import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { EngineStatus } from '../../electron/contract/events.ts'
import { UserFacingError } from '../../electron/contract/errors.ts'
import type { EventMessage } from '../../electron/contract/messages.ts'
import {
  superviseEngine,
  type EngineSupervisor,
  type SupervisorTiming,
} from '../../electron/host/engine-supervisor.ts'
import { EngineUnavailable } from '../../electron/host/engine-unavailable.ts'
import { startNodeEngine } from '../../electron/host/node-engine-process.ts'
import { bundleScripts } from '../fixtures/hosts/bundle-scripts.ts'
import { isRunning } from '../fixtures/hosts/is-running.ts'

const scripts = await bundleScripts('engine-fixture')
const QUICK: Partial<SupervisorTiming> = { backOffMs: [0], heartbeatMs: 50, graceMs: 5_000 }
const frame = { videoId: 1, widthPx: 3, contentId: '0'.repeat(32), format: 'png' } as const

interface Bench {
  readonly engine: EngineSupervisor
  readonly events: EventMessage[]
  readonly logged: string[]
  readonly offered: Map<string, string>
  journal(): Record<string, unknown>[]
  until(state: EngineStatus['state']): Promise<void>
  /** Waits for the n-th process of the engine to be ready, from 1. */
  untilReadyTimes(times: number): Promise<void>
}

const benches: Bench[] = []
afterEach(async () => {
  await Promise.all(benches.splice(0).map(({ engine }) => engine.dispose()))
})

async function startBench(options: {
  script?: string
  openPath?: string | null
  timing?: Partial<SupervisorTiming>
}): Promise<Bench> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'maskwright-engine-'))
  const events: EventMessage[] = []
  const logged: string[] = []
  const offered = new Map<string, string>()
  const journalFile = join(dataFolder, 'journal.jsonl')
  const engine = superviseEngine({
    launch: () => startNodeEngine(options.script ?? scripts['engine-fixture']),
    start: { appVersion: '1.2.3', dataFolder, resourcesFolder: dataFolder },
    openPath: options.openPath === undefined ? '/clips/open.maskwright' : options.openPath,
    log: (level, scope, message) => logged.push(`${level} ${scope} ${message}`),
    onEvent: (message) => events.push(message),
    onOfferedFile: (token, path) => offered.set(token, path),
    timing: { ...QUICK, ...options.timing },
  })
  const readyTimes = (): number =>
    events.filter(({ event, payload }) => event === 'engine.status' && payload.state === 'ready').length
  const bench: Bench = {
    engine,
    events,
    logged,
    offered,
    journal: () =>
      existsSync(journalFile)
        ? readFileSync(journalFile, 'utf8')
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as Record<string, unknown>)
        : [],
    until: (state) =>
      expect.poll(() => engine.status.state, { timeout: 30_000, interval: 10 }).toBe(state) as Promise<void>,
    untilReadyTimes: (times) =>
      expect.poll(readyTimes, { timeout: 30_000, interval: 10 }).toBe(times) as Promise<void>,
  }
  benches.push(bench)
  return bench
}

test('calls wait for the engine, answers and refusals come back, and it ends when told', async () => {
  const { engine, events, journal, offered, logged } = await startBench({})
  expect(engine.status).toEqual({ state: 'starting', attempt: 0, message: null })
  const current = await engine.call('project.current', {}, undefined)
  expect(current).toMatchObject({ project: { fileName: 'open.maskwright' } })
  expect(engine.status.state).toBe('ready')
  const { processId } = engine
  expect(isRunning(processId)).toBe(true)

  await engine.call('object.rename', { objectId: 1, name: 'ball' }, 'stroke-1')
  expect(journal()).toContainEqual({ renamed: 'ball' })
  expect(events).toContainEqual({
    event: 'save.status',
    payload: { state: 'saved', revision: 1, message: null },
  })

  const refused = engine.call('class.add', { name: 'throw' }, undefined)
  await expect(refused).rejects.toMatchObject({ code: 'ClassExists', message: 'There is such a class.' })
  const defect: unknown = await engine
    .call('class.add', { name: 'bug' }, undefined)
    .catch((error: unknown) => error)
  expect(defect).toBeInstanceOf(UserFacingError)
  expect(String(defect)).not.toContain('secret')
  expect(logged).toContain('error engine class.add failed unexpectedly.')
  await expect(engine.call('class.add', { name: 'bad answer' }, undefined)).rejects.toThrow(
    'broke the contract',
  )

  const grant = { token: 'A'.repeat(32), path: '/clips/a.mp4', purpose: 'addVideo' } as const
  await expect(engine.call('video.add', { fileTokens: [grant.token] }, undefined)).rejects.toThrow(
    'not chosen',
  )
  await engine.call('video.add', { fileTokens: [grant.token] }, undefined, [grant])
  expect(journal()).toContainEqual({ added: [{ path: grant.path, purpose: grant.purpose }] })
  engine.revokeFile(grant.token)
  await expect(engine.call('video.add', { fileTokens: [grant.token] }, undefined)).rejects.toThrow(
    'not chosen',
  )

  await engine.call('export.start', {}, undefined)
  expect([...offered.values()]).toEqual([expect.stringMatching(/out\.mp4$/)])

  const picture = await engine.picture({ ...frame, frameIndex: 1 }, new AbortController().signal)
  expect(picture.mediaType).toBe('image/png')
  expect([...picture.bytes.subarray(1, 4)]).toEqual([...Buffer.from('PNG')])
  const stop = new AbortController()
  const cancelled = engine.picture({ ...frame, frameIndex: 408 }, stop.signal)
  // The fixture is asked before it is told to stop.
  await engine.call('project.current', {}, undefined)
  stop.abort(new Error('scrolled on'))
  await expect(cancelled).rejects.toThrow('scrolled on')
  await expect.poll(journal).toContainEqual({ cancelled: 408 })

  await engine.dispose()
  expect(journal()).toContainEqual({ closed: processId })
  expect(isRunning(processId)).toBe(false)
  await expect(engine.call('project.current', {}, undefined)).rejects.toThrow('Maskwright is closing')
})

test('an engine that is killed rejects what is pending, comes back, and opens again what was open', async () => {
  const { engine, events, journal, logged, untilReadyTimes } = await startBench({ openPath: null })
  await untilReadyTimes(1)
  // Without anything to open it is the sample project.
  await expect.poll(journal).toContainEqual({ opened: '/sample.maskwright', process: engine.processId })
  const first = engine.processId
  const stalled = engine.call('class.add', { name: 'stall' }, undefined)
  const stalledPicture = engine.picture({ ...frame, frameIndex: 408 }, new AbortController().signal)
  process.kill(first!, 'SIGKILL')
  await expect(stalled).rejects.toBeInstanceOf(EngineUnavailable)
  await expect(stalledPicture).rejects.toMatchObject({ code: 'EngineUnavailable' })
  expect(engine.status).toMatchObject({ state: 'restarting', attempt: 1 })

  // A call meanwhile waits for the new engine, which has the same project open.
  expect(await engine.call('project.current', {}, undefined)).toMatchObject({
    project: { fileName: 'sample.maskwright' },
  })
  expect(engine.processId).not.toBe(first)
  expect(journal().filter((entry) => 'opened' in entry)).toEqual([
    { opened: '/sample.maskwright', process: first },
    { opened: '/sample.maskwright', process: engine.processId },
  ])
  expect(events).toContainEqual(
    expect.objectContaining({
      event: 'notice',
      payload: expect.objectContaining({ code: 'EngineRestarted' }),
    }),
  )
  expect(logged).toContain('error host The engine ended (code null, signal SIGKILL).')

  // An error that nobody handles is a crash, too.
  await expect(engine.call('class.add', { name: 'unhandled' }, undefined)).rejects.toBeInstanceOf(
    EngineUnavailable,
  )
  await untilReadyTimes(3)
  expect(engine.status).toEqual({ state: 'ready', attempt: 0, message: null })
})

test('an engine that keeps ending is given up, and started again when asked for', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'maskwright-engine-'))
  const script = join(folder, 'dead.mjs')
  await writeFile(script, 'console.error("no such library"); process.exit(7)')
  const { engine, events, logged, until } = await startBench({ script })
  const waiting = engine.call('project.current', {}, undefined)
  await expect(waiting).rejects.toThrow('could not be kept running')
  expect(engine.status).toMatchObject({ state: 'failed', attempt: 3 })
  expect(logged.filter((line) => line.includes('code 7'))).toHaveLength(4)
  expect(events.filter(({ event }) => event === 'notice')).toHaveLength(1)
  await expect(engine.call('project.current', {}, undefined)).rejects.toBeInstanceOf(EngineUnavailable)

  engine.restart()
  expect(engine.status).toMatchObject({ state: 'starting', attempt: 0 })
  await until('failed')
  expect(logged.filter((line) => line.includes('code 7'))).toHaveLength(8)
})

test('what cannot be opened is told, and something else can be opened from outside', async () => {
  const { engine, events, until } = await startBench({ openPath: '/clips/x.broken' })
  await until('ready')
  expect(events).toContainEqual({
    event: 'notice',
    payload: { level: 'error', code: 'ProjectDamaged', message: 'The project is damaged.' },
  })
  engine.open('/clips/other.mp4')
  await expect
    .poll(() => engine.call('project.current', {}, undefined))
    .toMatchObject({ project: { fileName: 'other.mp4' } })
})

test('an engine that hangs is ended, by its heartbeat or when closing takes too long', async () => {
  const hanging = await startBench({ timing: { silenceMs: 1_500 } })
  await hanging.until('ready')
  const first = hanging.engine.processId
  await expect(hanging.engine.call('class.add', { name: 'spin' }, undefined)).rejects.toBeInstanceOf(
    EngineUnavailable,
  )
  expect(isRunning(first)).toBe(false)
  expect(hanging.logged).toContain('error engine The engine did not answer and is ended.')

  const closing = await startBench({ timing: { graceMs: 200 } })
  await closing.until('ready')
  const { processId } = closing.engine
  const spinning = closing.engine.call('class.add', { name: 'spin' }, undefined)
  spinning.catch(() => {})
  await closing.engine.dispose()
  expect(isRunning(processId)).toBe(false)
  await expect(spinning).rejects.toBeInstanceOf(EngineUnavailable)
})
