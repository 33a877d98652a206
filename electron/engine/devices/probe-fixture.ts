import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { Finding } from '../../../models/devices/finding.ts'

export const works: Finding = { device: 'webgpu', works: true, worstError: 1e-5, millisecondsPerFrame: 20 }
export const processor: Finding = { device: 'cpu', works: true, worstError: 0, millisecondsPerFrame: 100 }

/** A folder that goes with the tests of a file. */
export function folderOfTests(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `maskwright-${name}-`))
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })
  return folder
}

/** Writes a script that stands for a probe. @returns its path */
export function writeScript(folder: string, name: string, code: string): string {
  const path = join(folder, `${name}.mjs`)
  writeFileSync(path, code)
  return path
}
