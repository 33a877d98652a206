import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { DeviceMemory } from './device-memory.ts'
import type { Finding } from './finding.ts'
import { probeDevice } from './probe-device.ts'
import { probeInProcess } from './probe-in-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'maskwright-probe-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** A probe whose process does this. */
function script(name: string, code: string): string {
  const path = join(folder, `${name}.mjs`)
  writeFileSync(path, code)
  return path
}

const works: Finding = { device: 'webgpu', works: true, worstError: 1e-5, millisecondsPerFrame: 20 }
const processor: Finding = { device: 'cpu', works: true, worstError: 0, millisecondsPerFrame: 100 }

describe('a probe in a process of its own', () => {
  it('is a no when the process crashes, with its last words', async () => {
    const crash = script(
      'crash',
      `console.error('lost device'); process.kill(process.pid, 'SIGSEGV')
setInterval(() => {}, 1000)`,
    )
    const finding = await probeInProcess('webgpu', { script: crash })
    expect(finding).toMatchObject({ device: 'webgpu', works: false })
    expect(finding).toHaveProperty('reason', expect.stringMatching(/ended the process \(SIGSEGV\)/))
  })

  it('is a no when the process hangs', async () => {
    const hang = script('hang', 'setInterval(() => {}, 1000)')
    const reason = 'It did not answer within 1 s.'
    expect(await probeInProcess('webgpu', { script: hang, patienceMs: 1_000 })).toEqual({
      ...{ device: 'webgpu', works: false, reason },
    })
  })

  it('takes the last line for the finding, also when the driver ends the process behind it', async () => {
    const late = script(
      'late',
      `console.log('hello'); console.log('${JSON.stringify(works)}'); process.exitCode = 7`,
    )
    expect(await probeInProcess('webgpu', { script: late })).toEqual(works)
  })

  it('is a no when what it says is no finding', async () => {
    const odd = script('odd', `console.log('{"device":"webgpu","works":true}')`)
    expect(await probeInProcess('webgpu', { script: odd })).toMatchObject({ works: false })
  })
})

describe('the numbers of a device', () => {
  const frames = (...logits: number[]) => ({ logits: Float32Array.from(logits), millisecondsPerFrame: 5 })

  it.each([
    ['wrong', [1, 2.5], /differ by/],
    ['not finite', [1, NaN], /are not finite/],
  ])('are a no when they are %s', async (_, logits, reason) => {
    const finding = await probeDevice('webgpu', (device) =>
      Promise.resolve(device === 'cpu' ? frames(1, 2) : frames(...logits)),
    )
    expect(finding).toMatchObject({ works: false, reason: expect.stringMatching(reason) as string })
  })

  it('may differ by less than the allowed error', async () => {
    const finding = await probeDevice('webgpu', (device) =>
      Promise.resolve(device === 'cpu' ? frames(1, 2) : frames(1, 2.01)),
    )
    expect(finding).toMatchObject({ works: true, millisecondsPerFrame: 5 })
  })
})

describe('what was found out about devices', () => {
  const options = (name: string, facts = 'driver 1') => ({
    folder: join(folder, name),
    facts,
    candidates: ['cpu', 'webgpu'] as const,
  })

  it('is remembered until the machine changes', async () => {
    const asked: string[] = []
    const probe = (device: string): Promise<Finding> => {
      asked.push(device)
      return Promise.resolve(device === 'cpu' ? processor : works)
    }
    await new DeviceMemory({ ...options('kept'), probe }).probe()
    const again = new DeviceMemory({ ...options('kept'), probe })
    await again.probe()
    expect(asked).toEqual(['webgpu', 'cpu'])
    expect(again.fastest).toBe('webgpu')
    expect(new DeviceMemory({ ...options('kept', 'driver 2'), probe }).fastest).toBe('cpu')
    expect(readdirSync(join(folder, 'kept'))).toEqual(['devices.json'])
  })

  it('says no beforehand, for a driver that takes this process down, and the processor stays', async () => {
    const memory = new DeviceMemory({
      ...options('crashed'),
      probe: () => {
        expect(readFileSync(join(folder, 'crashed', 'devices.json'), 'utf8')).toContain('ended the process')
        return Promise.reject(new Error('gone'))
      },
    })
    await expect(memory.probe()).rejects.toThrow('gone')
    const next = new DeviceMemory(options('crashed'))
    expect(next.isComplete).toBe(true)
    expect(next.fastest).toBe('cpu')
  })

  it('is forgotten when its file is damaged', () => {
    const place = options('kept')
    writeFileSync(join(place.folder, 'devices.json'), '{"facts":')
    expect(new DeviceMemory(place).isComplete).toBe(false)
  })
})
