import { describe, expect, it } from 'vitest'
import { runningChildCount } from '../processes/child-processes.ts'
import { folderOfTests, processor, works, writeScript } from './probe-fixture.ts'
import { ProbeStopped, probeInProcess } from './probe-in-process.ts'

const folder = folderOfTests('probe')
const script = (name: string, code: string): string => writeScript(folder, name, code)
const hangs = 'setInterval(() => {}, 1000)'
const says = (said: object): string => `console.log(${JSON.stringify(JSON.stringify(said))})`

describe('a probe in a process of its own', () => {
  it('is a no when the process crashes, with its last words', async () => {
    const crash = script(
      'crash',
      `console.error('lost device'); process.kill(process.pid, 'SIGSEGV'); ${hangs}`,
    )
    const finding = await probeInProcess('webgpu', { script: crash })
    expect(finding).toMatchObject({ device: 'webgpu', works: false })
    expect(finding).toHaveProperty(
      'reason',
      expect.stringMatching(/ended the process \(SIGSEGV\): lost device/),
    )
  })

  it('is a no when the process hangs', async () => {
    const reason = 'It did not answer within 1 s.'
    const options = { script: script('hang', hangs), patienceMs: 1_000 }
    expect(await probeInProcess('webgpu', options)).toEqual({ device: 'webgpu', works: false, reason })
  })

  it('is a no in time when a process that it started holds its output open', async () => {
    const holder = 'setTimeout(() => {}, 30_000)'
    const code = `import { spawn } from 'node:child_process'
const held = spawn(process.execPath, ['-e', ${JSON.stringify(holder)}], { stdio: ['ignore', 'inherit', 'inherit'] })
held.unref()`
    const options = { script: script('grandchild', code), patienceMs: 10_000 }
    const finding = await probeInProcess('webgpu', options)
    expect(finding).toMatchObject({ reason: expect.stringMatching(/ended the process \(code 0\)/) as string })
  })

  it('takes its finding, also when the driver ends the process behind it', async () => {
    const late = script('late', `console.log('hello'); ${says(works)}; process.exitCode = 7`)
    expect(await probeInProcess('webgpu', { script: late })).toEqual(works)
  })

  it('takes its finding from a process that does not end', async () => {
    expect(await probeInProcess('webgpu', { script: script('stays', `${says(works)}; ${hangs}`) })).toEqual(
      works,
    )
  })

  it.each([
    ['is no finding', { device: 'webgpu', works: true }],
    ['is a finding of another device', processor],
  ])('is a no when what it says %s', async (name, said) => {
    const odd = script(name.replaceAll(' ', '-'), says(said))
    expect(await probeInProcess('webgpu', { script: odd })).toMatchObject({ device: 'webgpu', works: false })
  })

  it.each(['SIGINT', 'SIGTERM'])('says nothing of the device when somebody ends it by %s', async (signal) => {
    const stopped = script(signal, `process.kill(process.pid, '${signal}'); ${hangs}`)
    await expect(probeInProcess('webgpu', { script: stopped })).rejects.toThrow(ProbeStopped)
  })

  it('ends with its process when it is broken off', async () => {
    const controller = new AbortController()
    const options = { script: script('broken-off', hangs), signal: controller.signal }
    const probe = probeInProcess('webgpu', options)
    expect(runningChildCount()).toBe(1)
    controller.abort()
    await expect(probe).rejects.toBe(controller.signal.reason)
    await expect.poll(runningChildCount).toBe(0)
  })
})
