import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { startMaskwrightWith } from '../command-line.ts'
import { softwareGraphics } from '../fixtures/chromium.ts'
import { isRunning } from '../fixtures/hosts/is-running.ts'

const folder = mkdtempSync(join(tmpdir(), 'maskwright-stopped-probe-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The process that tries a device for this one; Linux only. */
function probeOf(parentId: number): number | undefined {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .find((processId) => {
      try {
        const isChild = readFileSync(`/proc/${processId}/stat`, 'utf8').includes(`) S ${parentId} `)
        return isChild && readFileSync(`/proc/${processId}/cmdline`, 'utf8').includes('device-probe')
      } catch {
        return false
      }
    })
}

describe.runIf(process.platform === 'linux')('a command that is stopped while it tries a device', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    '%s: the trial ends, and the device is not taken for one that does not work',
    async (signal) => {
      const dataFolder = join(folder, signal)
      const surroundings = { ...softwareGraphics(), MASKWRIGHT_DATA: dataFolder }
      const { child, ended } = startMaskwrightWith(surroundings, 'devices')
      let probe: number | undefined
      await expect.poll(() => (probe = probeOf(child.pid!)), { timeout: 60_000 }).toBeDefined()
      child.kill(signal)
      await ended
      await expect.poll(() => isRunning(probe!), { timeout: 60_000 }).toBe(false)
      const kept = join(dataFolder, 'devices.json')
      const found = readdirSync(folder).includes(signal) ? readFileSync(kept, 'utf8') : ''
      expect(found).not.toContain('webgpu')
    },
  )
})
