import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)

async function script(path: string, ...args: string[]) {
  const called = ['build/run.mjs', path, ...args]
  return run(process.execPath, called).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout, errors: stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      ...{ code: error.code, output: error.stdout, errors: error.stderr },
    }),
  )
}

describe.each([
  ['evaluate', 'test/bench/evaluate.ts'],
  ['stress', 'test/bench/stress.ts'],
  ['bench:follow', 'test/bench/follow-cost.ts'],
])('npm run %s', (name, path) => {
  const usage = `usage: npm run ${name} -- `

  it('says how it is used, in one sentence', async () => {
    const { code, output, errors } = await script(path, '--help')
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    expect(output.trimEnd().split('\n')).toEqual([expect.stringMatching(`^${usage}`)])
  })

  it('says what it did not understand, without a stack trace', async () => {
    const { code, output, errors } = await script(path, 'folder', '--nonsense')
    expect({ code, output }).toEqual({ code: 1, output: '' })
    expect(errors.trimEnd().split('\n')).toEqual([
      expect.stringMatching(`^Unknown option '--nonsense'; ${usage}`),
    ])
  })
})

it('a script that takes options only says that a folder was not expected', async () => {
  const { code, errors } = await script('test/bench/follow-cost.ts', 'folder')
  expect(code).toBe(1)
  expect(errors).toMatch(/^"folder" was not expected; usage: npm run bench:follow -- .*\n$/)
})
