import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { bundleScripts } from '../fixtures/hosts/bundle-scripts.ts'
import { hostAddress, spawnHost, type HostProcess } from '../fixtures/hosts/host-process.ts'
import { writeInterface } from '../fixtures/hosts/interface-fixture.ts'
import { isRunning } from '../fixtures/hosts/is-running.ts'
import { openSocketWindow } from '../fixtures/hosts/socket-window.ts'

const scripts = await bundleScripts('engine-fixture', 'browser-host-fixture')
const interfaceFolder = await writeInterface()
/** More of them for a thorough run. */
const ROUNDS = Number(process.env['MASKWRIGHT_FAULT_ROUNDS'] ?? 2)
const running = new Set<ChildProcess>()

afterAll(() => {
  for (const host of running) host.kill('SIGKILL')
})

function spawn(dataFolder: string, argv: readonly string[]): ChildProcess {
  const host = spawnHost(dataFolder, scripts['browser-host-fixture'], [
    ...[scripts['engine-fixture'], interfaceFolder],
    ...argv,
  ])
  running.add(host)
  return host
}

function startHost(dataFolder: string, ...argv: string[]): Promise<HostProcess> {
  return hostAddress(spawn(dataFolder, argv))
}

function journalOf(dataFolder: string): Record<string, unknown>[] {
  const path = join(dataFolder, 'journal.jsonl')
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n')
  // The last one is empty, or cut by a kill.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** Process ids of all engines that ever opened something. */
function enginesOf(dataFolder: string): number[] {
  return journalOf(dataFolder).flatMap((entry) =>
    typeof entry['process'] === 'number' ? [entry['process']] : [],
  )
}

async function engineStarted(dataFolder: string): Promise<number> {
  await expect.poll(() => enginesOf(dataFolder).length, { timeout: 30_000 }).toBeGreaterThan(0)
  return enginesOf(dataFolder).at(-1)!
}

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'maskwright-host-'))

test.concurrent.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s lets the engine finish and leaves nothing behind',
  async (signal, { expect: check }) => {
    const dataFolder = await newFolder()
    const host = await startHost(dataFolder, 'clip.mp4')
    const window = await openSocketWindow(host.address)
    const engine = await engineStarted(dataFolder)
    host.process.kill(signal)
    check(await host.ended).toEqual([0, null])
    check(await window.closed).toBe(1006)
    check(isRunning(engine)).toBe(false)
    check(journalOf(dataFolder)).toContainEqual({ closed: engine })
    check(journalOf(dataFolder)[0]).toMatchObject({ opened: join(process.cwd(), 'clip.mp4') })
  },
)

test('a host that is killed takes its engine along', async () => {
  const dataFolder = await newFolder()
  const host = await startHost(dataFolder)
  const engine = await engineStarted(dataFolder)
  expect(isRunning(engine)).toBe(true)
  host.process.kill('SIGKILL')
  await expect.poll(() => isRunning(engine), { timeout: 10_000, interval: 20 }).toBe(false)
  expect(journalOf(dataFolder)).toContainEqual({ closed: engine })
})

test(
  'every edit that was acknowledged is there, however often engine and host are killed',
  { timeout: 60_000 + 10_000 * ROUNDS },
  async () => {
    const dataFolder = await newFolder()
    const acknowledged: string[] = []
    let edits = 0
    for (let round = 0; round < ROUNDS; round++) {
      const host = await startHost(dataFolder, 'clip.maskwright')
      const windows = [await openSocketWindow(host.address), await openSocketWindow(host.address)]
      await windows[0]!.call('project.current')
      let going = true
      const editing = windows.map(async (window) => {
        const gone = window.closed.then(() => null)
        while (going) {
          const name = `edit ${String(edits++)}`
          const answer = await Promise.race([window.call('object.rename', { objectId: 1, name }), gone])
          if (answer === null) return
          if (answer.ok) acknowledged.push(name)
          else expect(answer.code).toBe('EngineUnavailable')
        }
      })
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 100))
      // Even rounds: the engine, and the host goes on with another one. Odd rounds: the host.
      const victim = round % 2 === 0 ? enginesOf(dataFolder).at(-1)! : host.process.pid!
      const before = acknowledged.length
      process.kill(victim, 'SIGKILL')
      if (round % 2 === 0) {
        await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(before + 3)
        host.process.kill('SIGTERM')
      }
      await host.ended
      going = false
      await Promise.all(editing)
      await expect.poll(() => enginesOf(dataFolder).some(isRunning), { timeout: 10_000 }).toBe(false)
    }
    expect(acknowledged.length).toBeGreaterThan(3 * ROUNDS)
    const stored = new Set(journalOf(dataFolder).map((entry) => entry['renamed']))
    expect(acknowledged.filter((name) => !stored.has(name))).toEqual([])
  },
)

test.each([
  ['an unknown option', ['--nonsense'], "Unknown option '--nonsense'"],
  ['two files', ['a.mp4', 'b.mp4'], 'Only one file or folder'],
])('%s is told in a sentence', async (_, argv, sentence) => {
  const host = spawn(await newFolder(), argv)
  let text = ''
  host.stderr!.on('data', (data: Buffer) => (text += data.toString()))
  expect(await once(host, 'close')).toEqual([1, null])
  expect(text).toContain(sentence)
  expect(text).not.toMatch(/^\s+at /m)
})

test('a port that is taken is told in a sentence, and no engine is left', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const dataFolder = await newFolder()
  const host = spawn(dataFolder, ['--port', String(port)])
  let text = ''
  host.stderr!.on('data', (data: Buffer) => (text += data.toString()))
  expect(await once(host, 'close')).toEqual([1, null])
  expect(text).toContain(`127.0.0.1:${String(port)} cannot be listened on: another program uses it.`)
  expect(enginesOf(dataFolder).some(isRunning)).toBe(false)
  taken.close()
})
