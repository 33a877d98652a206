import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { PromptOutsideRange } from '../engine/batch/jobs/prompt-range.ts'
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
  [job("objects: { a: { point: '20000000:1,1' } }"), 'job 1: at objects.0.frames.0.frameIndex'],
  [job("objects: { a: { point: '0:900000,5' } }"), 'job 1: at objects.0.frames.0.points.0.x'],
  [job("objects: { a: { point: '0:1,1' } }, range: '0:99999999'"), 'job 1: at range.last'],
  [
    job(`objects: { ${Array.from({ length: 1_001 }, (_, n) => `o${n}: { point: '0:1,1' }`).join(', ')} }`),
    'job 1: at objects',
  ],
  ['jobs: [{ video: "a\\0.mp4", out: o, objects: {} }]', 'must be a path'],
])('refuses %s with a sentence', async (text, part) => {
  const refusal = read(text)
  await expect(refusal).rejects.toThrow(UsageError)
  await expect(refusal).rejects.toThrow(part)
})

it('takes for reference mode what the official predictor does, and no more', async () => {
  const objects = "objects: { cup: { point: '0:1,1' } }"
  const official = "memory: sam2, follow-zoom: 'off', detect-shots: false, exclusive: false"
  const [wish] = await read(`mode: reference\n${job(`${objects}, ${official}, shots: [7]`)}`)
  expect(wish!.mode).toBe('reference')
  for (const [line, names] of [
    ['exclusive: true', 'exclusive'],
    ['memory: selective, follow-zoom: auto', 'memory, follow-zoom'],
    ['detect-shots: true', 'detect-shots'],
  ] as const) {
    const refusal = `job 1: reference mode follows the official predictor to the letter and has no ${names}:`
    const choices = line.replaceAll(', ', '\n')
    await expect(read(job(`${objects}, mode: reference, ${line}`))).rejects.toThrow(refusal)
    await expect(read(`${choices}\n${job(`${objects}, mode: reference`)}`)).rejects.toThrow(refusal)
    expect(await read(`mode: reference\n${job(`${objects}, mode: default, ${line}`)}`)).toHaveLength(1)
  }
})

it.each([
  ["range: '10:'", 'begins at frame 10.'],
  ["range: ':2'", 'ends at frame 2.'],
  ["range: '10:20', shots: [15]", 'begins at frame 10 and ends at frame 20.'],
])('says which prompt lies outside %s', async (range, bounds) => {
  const reading = read(job(`objects: { cup: { point: ['12:1,1', '2:1,1', '9:1,1'] } }, ${range}`))
  await expect(reading).rejects.toThrow(PromptOutsideRange)
  await expect(reading).rejects.toThrow(/^a\.mp4: cup has a prompt on frame \d+, but what is to be tracked /)
  await expect(reading).rejects.toThrow(bounds)
})

it('takes prompts on the first and the last frame', async () => {
  const [wish] = await read(job("objects: { cup: { point: ['5:1,1', '9:1,1'] } }, range: '5:9', shots: [7]"))
  expect(wish!.range).toEqual({ first: 5, last: 9 })
})
