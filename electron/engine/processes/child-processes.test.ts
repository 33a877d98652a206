import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { findMediaTools } from '../video/media-tools.ts'
import {
  ChildProcessFailed,
  killAllChildren,
  runChild,
  runningChildCount,
  startChild,
} from './child-processes.ts'

const endless = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc', '-f', 'rawvideo', '-']
const { ffmpeg, ffprobe } = await findMediaTools()

describe('child processes', () => {
  it('answers the whole standard output', async () => {
    const text = (await runChild(ffprobe, ['-version'])).toString('utf8')
    expect(text).toMatch(/^ffprobe version/)
    expect(runningChildCount()).toBe(0)
  })

  it('says what the program said when it fails', async () => {
    const failure = runChild(ffmpeg, ['-v', 'error', '-i', 'no-such-file.mp4', '-f', 'null', '-'])
    await expect(failure).rejects.toThrow(/ffmpeg ended with exit code \d+: .*No such file/)
    await expect(failure).rejects.toBeInstanceOf(ChildProcessFailed)
  })

  it('says so when there is no such program', async () => {
    await expect(runChild('/no/such/program', [])).rejects.toThrow(/program could not be started: .*ENOENT/)
    expect(runningChildCount()).toBe(0)
  })

  it('kills a child by hand, by signal and all at once', async () => {
    const byHand = startChild(ffmpeg, endless)
    byHand.kill()
    expect(await byHand.exit).toEqual({ code: null, signal: 'SIGKILL' })

    const stop = new AbortController()
    const bySignal = startChild(ffmpeg, endless, { signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(bySignal.succeeded()).rejects.toThrow('enough')

    const both = [startChild(ffmpeg, endless), startChild(ffmpeg, endless)]
    expect(runningChildCount()).toBe(2)
    killAllChildren()
    for (const child of both) await expect(child.succeeded()).rejects.toThrow('was stopped by SIGKILL')
    expect(runningChildCount()).toBe(0)
  })

  it('does not start a child for a signal that has fired', () => {
    expect(() => startChild(ffmpeg, endless, { signal: AbortSignal.abort(new Error('too late')) })).toThrow(
      'too late',
    )
  })

  it.concurrent.for(['exit', 'throw', 'SIGINT', 'SIGTERM', 'SIGKILL'])(
    'leaves no child behind when the parent ends by %s',
    async (end, { expect }) => {
      const script = fileURLToPath(new URL('../../../test/fixtures/processes/parent.ts', import.meta.url))
      const run = fileURLToPath(new URL('../../../build/run.mjs', import.meta.url))
      const parent = spawn(process.execPath, [run, script, ffmpeg, end], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const exited = once(parent, 'exit')
      const [line] = (await once(parent.stdout, 'data')) as [Buffer]
      const childId = Number(line.toString('utf8'))
      expect(childId).toBeGreaterThan(0)
      if (end.startsWith('SIG')) parent.kill(end as NodeJS.Signals)
      const [code, signal] = (await exited) as [number | null, string | null]
      if (end.startsWith('SIG')) expect(signal).toBe(end)
      else expect(code).toBe(end === 'exit' ? 0 : 1)
      await expect.poll(() => isRunning(childId), { timeout: 5000, interval: 20 }).toBe(false)
    },
  )
})

/** False for a zombie too: an ended orphan stays one where process 1 reaps nobody, as in some containers. */
function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0)
    const stat = `/proc/${processId}/stat`
    return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'))
  } catch {
    return false
  }
}
