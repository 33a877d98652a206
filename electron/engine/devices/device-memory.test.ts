import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../models/devices/finding.ts'
import { DeviceMemory } from './device-memory.ts'
import { folderOfTests, processor, works } from './probe-fixture.ts'

const folder = folderOfTests('devices')
const options = (name: string, facts = 'driver 1') => ({
  folder: join(folder, name),
  facts,
  candidates: ['cpu', 'webgpu'] as const,
})
const fileOf = (name: string): string => join(folder, name, 'devices.json')
const probe = (device: string): Promise<Finding> => Promise.resolve(device === 'cpu' ? processor : works)
/** No process has it: beyond the largest number of Linux. */
const goneProcessId = 2 ** 22 + 1

describe('what was found out about devices', () => {
  it('is remembered until the machine changes', async () => {
    const asked: string[] = []
    const noted = (device: string): Promise<Finding> => {
      asked.push(device)
      return probe(device)
    }
    await new DeviceMemory({ ...options('kept'), probe: noted }).probe()
    const again = new DeviceMemory({ ...options('kept'), probe: noted })
    await again.probe()
    expect(asked).toEqual(['webgpu', 'cpu'])
    expect(again.fastest).toBe('webgpu')
    expect(new DeviceMemory({ ...options('kept', 'driver 2'), probe }).fastest).toBe('cpu')
    expect(readdirSync(join(folder, 'kept'))).toEqual(['devices.json'])
  })

  it('is forgotten when its file is damaged', async () => {
    await new DeviceMemory({ ...options('damaged'), probe }).probe()
    writeFileSync(fileOf('damaged'), '{"facts":')
    expect(new DeviceMemory(options('damaged')).isComplete).toBe(false)
  })

  it.each([false, true])(
    'holds nothing of a probe that was broken off (within this process: %s)',
    async (endangersProcess) => {
      const name = `broken-off-${String(endangersProcess)}`
      const controller = new AbortController()
      const memory = new DeviceMemory({
        ...options(name),
        endangersProcess,
        probe: (_, signal) =>
          new Promise((_resolve, reject) => {
            signal!.addEventListener('abort', () => {
              reject(signal!.reason as Error)
            })
          }),
      })
      const probing = memory.probe({ signal: controller.signal })
      controller.abort()
      await expect(probing).rejects.toBe(controller.signal.reason)
      expect(memory.isComplete).toBe(false)
      expect(new DeviceMemory(options(name)).isComplete).toBe(false)
    },
  )

  it('says before a probe within this process that it tries, which is a no only once the process is gone', async () => {
    let during = ''
    const memory = new DeviceMemory({
      ...options('crashed'),
      endangersProcess: true,
      probe: (device) => {
        if (device === 'webgpu') {
          during = readFileSync(fileOf('crashed'), 'utf8')
          // Another command that is started meanwhile takes nothing for known.
          expect(new DeviceMemory(options('crashed')).isComplete).toBe(false)
        }
        return probe(device)
      },
    })
    await memory.probe()
    expect(new DeviceMemory(options('crashed')).fastest).toBe('webgpu')

    writeFileSync(fileOf('crashed'), during.replace(String(process.pid), String(goneProcessId)))
    const next = new DeviceMemory(options('crashed'))
    expect(next.isComplete).toBe(true)
    expect(next.fastest).toBe('cpu')
    expect(next.list()[1]!.finding).toMatchObject({
      works: false,
      reason: expect.stringMatching(/ended the process/) as string,
    })
  })

  it('writes nothing before a probe in a process of its own', async () => {
    mkdirSync(join(folder, 'apart'))
    await new DeviceMemory({
      ...options('apart'),
      endangersProcess: false,
      probe: (device) => {
        if (device === 'webgpu') expect(readdirSync(join(folder, 'apart'))).toEqual([])
        return probe(device)
      },
    }).probe()
  })

  it('serves the one who asked where it cannot be remembered', async () => {
    writeFileSync(join(folder, 'a-file'), '')
    mkdirSync(fileOf('a-folder-in-its-place'), { recursive: true })
    for (const name of ['a-file', 'a-folder-in-its-place']) {
      const memory = new DeviceMemory({ ...options(name), probe })
      await memory.probe()
      expect(memory.fastest).toBe('webgpu')
      expect(new DeviceMemory(options(name)).isComplete).toBe(false)
    }
    expect(readdirSync(join(folder, 'a-folder-in-its-place'))).toEqual(['devices.json'])
  })
})
