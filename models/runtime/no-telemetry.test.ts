import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const main = fileURLToPath(new URL('../../build/maskwright.mjs', import.meta.url))

test('the runtime keeps no events and no name of this machine', async () => {
  const home = await mkdtemp(join(tmpdir(), 'maskwright-telemetry-'))
  // Where tests run it is silent by itself; this process is a person's.
  const { CI: _ci, VITEST: _vitest, ORT_DISABLE_TELEMETRY: _disabled, ...env } = process.env
  try {
    await promisify(execFile)(process.execPath, [main, 'devices'], {
      env: { ...env, HOME: home, XDG_CACHE_HOME: join(home, 'cache'), XDG_DATA_HOME: join(home, 'data') },
    })
    const names = await readdir(home, { recursive: true })
    expect(names.filter((name) => /onnxruntime|deviceid|Microsoft/i.test(name))).toEqual([])
    expect(names.some((name) => name.includes('devices'))).toBe(true)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
})
