import { execFile } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tracksFileSchema, type TracksFile } from '../electron/contract/tracks.ts'
import { decodePngLabels } from '../electron/engine/masks/png-reader.ts'
import { mountSmallDisk } from './awkward-folders.ts'
import { childrenOf, makeClip, maskwright, startMaskwright, startMaskwrightIn } from './command-line.ts'

const run = promisify(execFile)
const point = ['--object', 'disc', '--point', '2:80,60']
let folder: string
let clip: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'maskwright-cli-'))
  clip = join(folder, 'clip.mp4')
  await makeClip(clip)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Tracks at a small size, so that the test is about the command and not about the model. */
function track(video: string, out: string, ...args: string[]) {
  return maskwright('track', video, '--size', '128', '--out', out, ...args)
}

/** All that a run left under its final or any other name. */
function leftIn(out: string): string[] {
  return existsSync(out) ? readdirSync(out, { recursive: true }).map(String) : []
}

describe('maskwright track', () => {
  it('writes film, masks and tracks whose frames are those of the source', async () => {
    const out = join(folder, 'whole')
    const { code, output } = await track(clip, out, ...point, '--both', '--palette', '--range', '1:9')
    expect(code, output).toBe(0)
    expect(output).toContain('clip.annotated.mp4: 9 frames in, 9 out; times equal')
    const numbers = Array.from({ length: 9 }, (_, index) => `0000${index + 1}.png`)
    expect(readdirSync(join(out, 'masks/disc')).sort()).toEqual(numbers)
    const mask = decodePngLabels(readFileSync(join(out, 'masks/disc/00002.png')))
    expect([mask.widthPx, mask.heightPx]).toEqual([160, 120])
    expect(mask.labels[60 * 160 + 80]).toBe(255)
    const tracks = JSON.parse(readFileSync(join(out, 'tracks.json'), 'utf8'))
    expect(tracks.frames.map(({ frame }: { frame: number }) => frame)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(tracks.frames[1].objects[0].present).toBe(true)
  })

  it('says at its end where cuts, absences and suspect frames are, and puts them into tracks.json', async () => {
    const film = join(folder, 'with-cut.mp4')
    const scenes = ['testsrc2', 'mandelbrot'].flatMap((name) => ['-f', 'lavfi', '-i', `${name}=size=160x120`])
    const joined = '[0:v]fps=25,trim=end_frame=12[a];[1:v]fps=25,trim=end_frame=12[b];[a][b]concat'
    await run('ffmpeg', ['-v', 'error', '-y', ...scenes, '-filter_complex', joined, '-frames:v', '24', film])
    const prompts = ['--object', 'corner', '--point', '0:30,30']
    const read = (out: string): TracksFile =>
      tracksFileSchema.parse(JSON.parse(readFileSync(join(out, 'tracks.json'), 'utf8')))

    const out = join(folder, 'cut')
    const { code, output, errors } = await track(film, out, ...prompts)
    expect(code, errors).toBe(0)
    expect(output).toContain('\nA shot begins at frame 12\n')
    const tracks = read(out)
    expect(tracks).toMatchObject({ version: 2, shots: [12] })
    const entries = tracks.frames.map(({ objects }) => objects[0]!)
    const absent = entries.filter(({ present }) => !present).length
    expect(absent).toBeGreaterThan(0)
    expect(output).toContain(`Object corner: not seen on ${absent} frame`)
    const suspect = entries.filter(({ suspicion }) => suspicion! > 0.5).length
    expect(suspect).toBeGreaterThan(0)
    expect(output).toContain(`\n${suspect} suspect frame`)
    // The prompted frame is as a person said.
    expect(entries[0]!.suspicion).toBe(0)

    const without = join(folder, 'no-shots')
    expect((await track(film, without, ...prompts, '--shots', 'off')).output).not.toContain('shot begins')
    expect(read(without).shots).toBeNull()
  })

  it('takes names that look like addresses for what they are', async () => {
    const here = mkdtempSync(join(folder, 'names-'))
    copyFileSync(clip, join(here, 'http:a.mp4'))
    const args = ['track', 'http:a.mp4', '--size', '128', ...point, '--range', '0:3', '--out', 'data:b']
    const { code, output, errors } = await startMaskwrightIn(here, ...args).ended
    expect(code, errors).toBe(0)
    expect(output).toContain('http_a.annotated.mp4: 4 frames in, 4 out; times equal; sound converted')
    expect(leftIn(join(here, 'data:b'))).toContain('http_a.annotated.mp4')
  })

  it.each([
    ['forward', [], '2:80,60'],
    ['the way back of --reverse', ['--reverse'], '390:80,60'],
    ['the way back of --both', ['--both'], '390:80,60'],
  ])('stops on Ctrl-C and keeps what is done: %s', async (_, direction, prompt) => {
    const long = join(folder, 'long.mp4')
    await makeClip(long, { frames: 400 })
    const out = mkdtempSync(join(folder, 'stopped-'))
    const args = [...direction, '--object', 'disc', '--point', prompt, '--size', '128', '--out', out]
    const { child, ended } = startMaskwright('track', long, ...args)
    child.stderr!.once('data', () => child.kill('SIGINT'))
    const { code, output, errors } = await ended
    expect(code, output + errors).toBe(130)
    const { frames } = JSON.parse(readFileSync(join(out, 'tracks.json'), 'utf8')) as {
      frames: { frame: number }[]
    }
    expect(frames.length).toBeGreaterThan(0)
    expect(frames.length).toBeLessThan(400)
    if (direction.length > 0) expect(frames.at(-1)!.frame).toBe(390)
    expect(readdirSync(join(out, 'masks/disc'))).toHaveLength(frames.length)
    expect(output).toContain(`Stopped after ${frames.length} frames; what was done is kept.`)
    expect(output).toContain(`long.annotated.mp4: ${frames.length} frames in, ${frames.length} out`)
  })
})

describe('leaving at once', () => {
  it.each([
    { what: 'a second Ctrl-C', signals: ['SIGINT', 'SIGINT'] },
    { what: 'an end from outside', signals: ['SIGTERM'] },
  ] as const)('$what leaves nothing half-written', async ({ what, signals }) => {
    const video = join(folder, `${what}.mp4`)
    await makeClip(video, { frames: 400 })
    const out = join(folder, what, 'out')
    const { child, ended } = startMaskwright('track', video, '--size', '128', '--out', out, ...point)
    // The progress line comes with the first frame; by then every output has been begun.
    child.stderr!.once('data', () => {
      child.kill(signals[0])
      if (signals.length > 1) child.stderr!.once('data', () => child.kill(signals[1]))
    })
    const { output, errors } = await ended
    expect(child.signalCode, output + errors).toBe(signals[0])
    expect(leftIn(join(folder, what))).toEqual([])
    expect(existsSync(join(folder, what))).toBe(false)
  })
})

describe('bad input ends with a sentence, a code and nothing half-written', () => {
  const cases: {
    what: string
    says: RegExp
    code?: number
    make: () => Promise<[video: string, ...args: string[]]>
  }[] = [
    { what: 'an empty file', says: /empty/i, make: async () => [written('empty.mp4', ''), ...point] },
    {
      what: 'a text file',
      says: /no video|not .*video|cannot be read/i,
      make: async () => [written('text.mp4', 'hello '.repeat(999)), ...point],
    },
    {
      what: 'a file cut short',
      says: /cannot be read|damaged|ends/i,
      make: async () => [written('cut.mp4', readFileSync(clip).subarray(0, 3000)), ...point],
    },
    {
      what: 'sound only',
      says: /no video in it/i,
      make: async () => [await soundOnly(), ...point],
    },
    { what: 'no such file', says: /nowhere\.mp4/, make: async () => ['nowhere.mp4', ...point] },
    {
      what: 'a box without area',
      says: /no area/,
      make: async () => [clip, '--object', 'a', '--box', '0:5,5,5,40'],
    },
    {
      what: 'a mask of another size than the picture',
      says: /mask is 33 by 17 pixels, the picture \d+ by \d+/,
      make: async () => [clip, '--object', 'a', '--mask', `0:${written('white.png', whitePng(33, 17))}`],
    },
    {
      what: 'a point outside the picture',
      says: /outside the picture/,
      make: async () => [clip, '--object', 'a', '--point', '0:500,20'],
    },
    {
      what: 'a frame beyond the video',
      says: /frame 99|outside the range/,
      make: async () => [clip, '--object', 'a', '--point', '99:5,5'],
    },
    {
      what: 'a prompt without its object',
      says: /--object before it/,
      code: 2,
      make: async () => [clip, '--point', '0:5,5'],
    },
    {
      what: 'an object without prompts',
      says: /has no prompt/,
      code: 2,
      make: async () => [clip, '--object', 'a'],
    },
    { what: 'an unknown model', says: /no model/, make: async () => [clip, ...point, '--model', 'gigantic'] },
    {
      what: 'a size that is no multiple of 32',
      says: /multiple of 32/,
      make: async () => [clip, ...point, '--size', '100'],
    },
    {
      what: 'a checkpoint cut in the middle',
      says: /nano-cut\.pt/,
      make: async () => [
        clip,
        ...point,
        '--model',
        written('nano-cut.pt', readFileSync('models/zoo/nano/nano.pt').subarray(0, 9_000_000)),
      ],
    },
  ]
  it.each(cases)('$what', async ({ says, code = 1, make }) => {
    const out = join(folder, 'bad')
    const [video, ...args] = await make()
    const result = await track(video, out, ...args)
    expect(result.errors).toMatch(says)
    expect(result.errors).not.toContain('    at ')
    expect(result.code).toBe(code)
    expect(leftIn(out)).toEqual([])
  })

  it('a full disk', async (context) => {
    const disk = await mountSmallDisk({ kilobytes: 64 })
    if (!disk) return context.skip()
    try {
      const result = await track(clip, join(disk.path, 'out'), ...point)
      expect(result.errors).toMatch(/disk is full/)
      expect(result.code).toBe(1)
      // What was complete may stay, what was not must be gone.
      expect(leftIn(join(disk.path, 'out')).filter((name) => /tmp|part/.test(name))).toEqual([])
      expect(existsSync(join(disk.path, 'out/tracks.json'))).toBe(false)
    } finally {
      await disk.unmount()
    }
  })

  it('a folder that cannot be written', async (context) => {
    const disk = await mountSmallDisk({ kilobytes: 64, isReadOnly: true })
    if (!disk) return context.skip()
    try {
      const result = await track(clip, join(disk.path, 'out'), ...point)
      expect(result.errors).toMatch(/cannot be written|not writable|read-only/i)
      expect(result.code).toBe(1)
    } finally {
      await disk.unmount()
    }
  })

  it.runIf(process.platform === 'linux')('ffmpeg killed half-way', async () => {
    const long = join(folder, 'killed.mp4')
    await makeClip(long, { frames: 400 })
    const out = join(folder, 'killed')
    const { child, ended } = startMaskwright('track', long, ...point, '--size', '128', '--out', out)
    child.stderr!.once('data', () => {
      for (const processId of childrenOf(child.pid!, 'ffmpeg')) process.kill(processId, 'SIGKILL')
    })
    const result = await ended
    expect(result.errors).toMatch(/ffmpeg/)
    expect(result.errors).not.toContain('    at ')
    expect(result.code).toBe(1)
    expect(leftIn(out).filter((name) => /\.(mp4|png|json)$/.test(name))).toEqual([])
  })
})

function whitePng(width: number, height: number): Uint8Array {
  return encode({ width, height, channels: 1, depth: 8, data: new Uint8Array(width * height).fill(255) })
}

function written(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function soundOnly(): Promise<string> {
  const path = join(folder, 'sound.mp4')
  await run('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'sine=duration=1', '-c:a', 'aac', path])
  return path
}
