import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { makeClip } from '../../test/command-line.ts'
import { parseBatchArguments } from './batch-arguments.ts'
import { batch } from './batch-command.ts'

// A process starts from source, which takes long where others compute, too.
vi.setConfig({ testTimeout: 600_000 })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-batch-command-'))
})
afterAll(() => rm(folder, { recursive: true }))

it('says once that a device is not there, and at the end of which results that holds', async () => {
  const absent = process.platform === 'win32' ? 'coreml' : 'dml'
  const jobs: { video: string; out: string; objects: object }[] = []
  for (const name of ['a', 'b']) {
    await makeClip(join(folder, `${name}.mp4`), { frames: 2 })
    jobs.push({ video: `${name}.mp4`, out: `out/${name}`, objects: { thing: { point: '0:80,60' } } })
  }
  const jobFile = join(folder, 'jobs.yaml')
  await writeFile(jobFile, JSON.stringify({ model: 'nano', size: 128, outputs: ['mask-png'], jobs }))
  const said: string[] = []
  const args = parseBatchArguments([jobFile, '--device', absent, '--threads', '1'])
  const code = await batch(args, { say: (line) => said.push(line), stop: new AbortController().signal })
  expect(code, said.join('\n')).toBe(0)
  const sentence = expect.stringMatching(/could not be run on .*goes on on the processor\.$/)
  expect(said.slice(1)).toEqual([
    sentence,
    ...['a.mp4: done', 'b.mp4: done', 'Of 2 jobs 2 are done (2 now), 0 failed.'],
    sentence,
  ])
  expect(said[1]).toMatch(/^a\.mp4: /)
  expect(said.at(-1)).toMatch(/^ {2}Note on a\.mp4 and 1 more: /)
  expect(await readdir(join(folder, 'out/b/masks/thing'))).toHaveLength(2)
})
