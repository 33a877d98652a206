import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { readJobFile } from './job-file.ts'
import { UsageError } from './usage-error.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-job-file-'))
})

async function read(text: string) {
  const path = join(folder, 'jobs.yaml')
  await writeFile(path, text)
  return readJobFile(path)
}

it('takes paths from its own folder, and what is said once for all jobs', async () => {
  const [job] = await read(`
model: tiny
size: 512
jobs:
  - video: films/a.mp4
    out: out/a
    direction: both
    range: '10:'
    shots: [40, 90]
    objects:
      ball: { point: ['12:703,303', '12:731,256:-'] }
      player: { box: '20:412,120,560,400' }
`)
  expect(job).toMatchObject({
    videoPath: join(folder, 'films/a.mp4'),
    outFolder: join(folder, 'out/a'),
    ...{ model: 'tiny', sizePx: 512, direction: 'both', mode: 'default', shotStarts: [40, 90] },
    range: { first: 10, last: null },
  })
  expect(job!.objects).toEqual([
    {
      name: 'ball',
      frames: [
        {
          ...{ kind: 'points-or-box', frameIndex: 12, box: null },
          points: [
            { x: 703, y: 303, label: 1 },
            { x: 731, y: 256, label: 0 },
          ],
        },
      ],
    },
    {
      name: 'player',
      frames: [{ kind: 'points-or-box', frameIndex: 20, points: [], box: [412, 120, 560, 400] }],
    },
  ])
})

const job = (line: string): string => `jobs: [{ video: a.mp4, out: o, ${line} }]`

it.each([
  ['jobs: [', 'is not YAML'],
  ['{}', 'at jobs'],
  [job('objects: {}'), 'no objects'],
  [job('objects: { a: {} }'), 'has no prompt'],
  [job("objects: { a: { point: '0:x,1' } }"), '--point 0:x,1'],
  [job("objects: { a: { point: '0:1,1' } }, run: 'rm'"), 'run'],
  [job("objects: { a: { mask: '0:none.png' } }"), 'could not be read'],
  [job("objects: { a: { point: '0:1,1' } }, size: big"), 'size'],
])('refuses %s with a sentence', async (text, part) => {
  const refusal = read(text)
  await expect(refusal).rejects.toThrow(UsageError)
  await expect(refusal).rejects.toThrow(part)
})
