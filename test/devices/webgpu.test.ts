import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { softwareGraphics } from '../fixtures/chromium.ts'
import { hasSharedMaterial, sharedMaterial } from '../fixtures/shared-material.ts'

/** A driver in software runs every shader on the processor. */
const patienceMs = 900_000

/** Runs a script of this repository where WebGPU is drawn in software: a process of its own, which must not be aborted. */
function runOnSoftwareGraphics(
  script: string,
  ...args: string[]
): Promise<{ code: number | string; output: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['build/run.mjs', script, ...args],
      { env: { ...process.env, ...softwareGraphics() } },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : (error.signal ?? error.code ?? -1), output: stdout + stderr })
      },
    )
  })
}

/** A model small enough for a driver in software; nano takes too long there. */
const mini = 'reference/sam21-mini'

describe('WebGPU', () => {
  it.runIf(hasSharedMaterial(`${mini}/scenarios.json`))(
    "gives the official predictor's numbers within a hundredth",
    async () => {
      const folder = fileURLToPath(sharedMaterial(mini))
      const { code, output } = await runOnSoftwareGraphics(
        'test/parity/parity.ts',
        ...['--device', 'webgpu', '--scenario', 'click-refined-before-tracking', folder],
      )
      expect(output).toMatch(/sam21-mini +1 .* equal\n/)
      expect(code).toBe(0)
    },
    patienceMs,
  )

  it(
    'leaves nothing behind on the device over 500 frames',
    async () => {
      const { code, output } = await runOnSoftwareGraphics('test/devices/device-leaks.ts')
      expect(output).toMatch(
        /500 frames on webgpu: (\d+) tensors there on frame 20, \1 on the last; 0 forgotten/,
      )
      expect(code).toBe(0)
    },
    patienceMs,
  )
})
