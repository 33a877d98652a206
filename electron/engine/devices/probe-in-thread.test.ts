import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderOfTests, processor, works, writeScript } from './probe-fixture.ts'
import { probeInThread } from './probe-in-thread.ts'

const folder = folderOfTests('probe-thread')
const post = `import { parentPort, workerData } from 'node:worker_threads'
const post = (said) => parentPort.postMessage(said)\n`
const script = (name: string, code: string): string => writeScript(folder, name, post + code)
/** As a driver does that does not return: the thread never comes to its events again. */
const blocks = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)'

describe('a probe in a thread', () => {
  it('takes what it posts, also when the thread blocks behind it', async () => {
    const answers = script('answers', `post(${JSON.stringify(works)}); ${blocks}`)
    expect(await probeInThread('webgpu', { script: answers })).toEqual(works)
  })

  it('is a no when the thread blocks', async () => {
    const reason = 'It did not answer within 1 s.'
    const options = { script: script('blocks', blocks), patienceMs: 1_000 }
    expect(await probeInThread('webgpu', options)).toEqual({ device: 'webgpu', works: false, reason })
  })

  it('does not wait for a thread that is inside native code', async () => {
    const returned = join(folder, 'returned')
    const program = `setTimeout(() => require('node:fs').writeFileSync(${JSON.stringify(returned)}, ''), 6_000)`
    const code = `import { spawnSync } from 'node:child_process'
post(${JSON.stringify(works)})
spawnSync(process.execPath, ['-e', ${JSON.stringify(program)}])`
    expect(await probeInThread('webgpu', { script: script('native', code) })).toEqual(works)
    expect(existsSync(returned)).toBe(false)
  })

  it.each([
    ['throws', `throw new Error('lost device')`, 'lost device'],
    ['ends without an answer', '', 'It ended without an answer.'],
    ['posts no finding', 'post({ device: workerData, works: true })', 'What it answered is no finding.'],
    [
      'posts a finding of another device',
      `post(${JSON.stringify(processor)})`,
      'What it answered is no finding.',
    ],
  ])('is a no when it %s', async (name, code, reason) => {
    const path = script(name.replaceAll(' ', '-'), code)
    expect(await probeInThread('webgpu', { script: path })).toEqual({
      device: 'webgpu',
      works: false,
      reason,
    })
  })

  it('is broken off by its signal', async () => {
    const controller = new AbortController()
    const probe = probeInThread('webgpu', { script: script('long', blocks), signal: controller.signal })
    controller.abort()
    await expect(probe).rejects.toBe(controller.signal.reason)
  })
})
