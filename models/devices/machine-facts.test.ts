import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { driversIn, hasDeviceNode } from './machine-facts.ts'

const folder = mkdtempSync(join(tmpdir(), 'maskwright-facts-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('the drivers of a machine', () => {
  it('are told with their age, and a link that leads nowhere without one', () => {
    const place = join(folder, 'icd.d')
    mkdirSync(place)
    writeFileSync(join(place, 'here.json'), '{}')
    symlinkSync(join(folder, 'nowhere.json'), join(place, 'dangling.json'))
    expect(driversIn(place)).toEqual(['dangling.json@', expect.stringMatching(/^here\.json@\d/)])
  })

  it('are none where there is no folder of them', () => {
    writeFileSync(join(folder, 'a-file'), '')
    expect(driversIn(join(folder, 'a-file'))).toEqual([])
    expect(driversIn(join(folder, 'none'))).toEqual([])
  })
})

describe('hasDeviceNode', () => {
  it('sees the second card of NVIDIA alone', () => {
    const given = new Set(['/dev/nvidia1', '/dev/nvidiactl', '/dev/nvidia-uvm'])
    expect(hasDeviceNode((path) => given.has(path))).toBe(true)
    expect(hasDeviceNode(() => false)).toBe(false)
  })
})
