import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportFrames } from '../electron/engine/export/export-frames.ts'
import type { WrittenOutput } from '../electron/engine/export/frame-sink.ts'
import { openVideoExports } from '../electron/engine/export/video-exports.ts'
import { runChild } from '../electron/engine/processes/child-processes.ts'
import { findMediaTools } from '../electron/engine/video/media-tools.ts'
import { openVideo } from '../electron/engine/video/open-video.ts'
import type { DecodedFrame, FrameRange } from '../electron/engine/video/video-source.ts'

const tools = await findMediaTools()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-sound-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const ffmpeg = (...args: string[]): Promise<Buffer> => runChild(tools.ffmpeg, ['-v', 'error', '-y', ...args])

type WrittenVideo = Extract<WrittenOutput, { kind: 'video' }>

/** Exports without drawing anything; the closing check runs too. */
async function exportFilm(
  path: string,
  range: FrameRange | null = null,
  stopAfter = Number.POSITIVE_INFINITY,
): Promise<WrittenVideo> {
  const source = await openVideo(path, { tools })
  const selection = { range: range ?? { first: 0, last: source.frameCount - 1 }, step: 1 }
  const outputFolder = await mkdtemp(join(folder, 'out-'))
  const sink = await openVideoExports(['annotated-mp4'], {
    source,
    tools,
    selection,
    objects: [],
    outputFolder,
  })
  const stop = new AbortController()
  const { outputs } = await exportFrames({
    source,
    tools,
    selection,
    sinks: [sink],
    masksOf: (frameIndex) => ({ frameIndex, masks: [] }),
    onProgress: (done) => void (done === stopAfter && stop.abort()),
    signal: stop.signal,
    whenStopped: 'keep',
  })
  await source.close()
  return outputs[0] as WrittenVideo
}

/** A film of 3 seconds whose sound is silent but for one beep from 1.5 s to 1.6 s. */
async function writeBeep(name: string, sound: string[], before: string[] = []): Promise<string> {
  const path = join(folder, name)
  await ffmpeg(
    ...['-f', 'lavfi', '-i', 'testsrc=s=64x48:r=20:d=3'],
    ...['-f', 'lavfi', '-i', "aevalsrc='0.7*sin(6283*t)*between(t,1.5,1.6)':s=48000:d=3", ...before],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', ...sound, path],
  )
  return path
}

/** When the beep begins, on the film's own time axis, and how long the sound is. */
async function hearBeep(path: string): Promise<{ beepSeconds: number; soundSeconds: number }> {
  const rate = 48_000
  const bytes = await ffmpeg(
    ...['-copyts', '-i', path, '-map', '0:a', '-af', 'aresample=async=1:first_pts=0'],
    ...['-ac', '1', '-ar', String(rate), '-f', 'f32le', 'pipe:1'],
  )
  const samples = new Float32Array(new Uint8Array(bytes).buffer)
  return {
    beepSeconds: samples.findIndex((level) => Math.abs(level) > 0.3) / rate,
    soundSeconds: samples.length / rate,
  }
}

async function probe(path: string, entries: string): Promise<string> {
  const output = await runChild(tools.ffprobe, [
    '-v',
    'error',
    '-show_entries',
    entries,
    '-of',
    'compact',
    path,
  ])
  return output.toString('utf8').trim()
}

describe('sound', () => {
  it.concurrent('is copied packet by packet', async () => {
    const path = await writeBeep('aac.mp4', ['-c:a', 'aac'])
    const film = await exportFilm(path)
    expect(film.audio).toEqual({ kind: 'copied' })
    const packets = (file: string): Promise<string> =>
      runChild(tools.ffprobe, [
        ...['-v', 'error', '-select_streams', 'a', '-show_entries', 'packet=pts,size', '-of', 'csv', file],
      ]).then(String)
    expect(await packets(film.path)).toBe(await packets(path))
  })

  it.concurrent.each([
    ['a transport stream, whose clock begins late', 'aac.ts', ['-c:a', 'aac'], 'copied'],
    ['PCM, which MP4 cannot hold', 'pcm.mov', ['-c:a', 'pcm_s16le'], 'converted'],
    ['MP2 in Matroska', 'mp2.mkv', ['-c:a', 'mp2'], 'converted'],
    ['Opus', 'opus.mkv', ['-c:a', 'libopus'], 'copied'],
    [
      'two tracks of two kinds',
      'two.mkv',
      ['-map', '0:v', '-map', '1:a', '-map', '1:a', '-c:a:0', 'aac', '-c:a:1', 'pcm_s16le'],
      'converted',
    ],
  ])('stays in step: %s', async (_what, name, sound, kind) => {
    const path = await writeBeep(name, sound)
    const film = await exportFilm(path)
    expect(film.audio).toEqual({ kind })
    const [was, is] = [await hearBeep(path), await hearBeep(film.path)]
    expect(Math.abs(is.beepSeconds - was.beepSeconds)).toBeLessThan(0.005)
  })

  it.concurrent.each(['aac.ts', 'pcm.mov'])('is cut with the range: %s', async (name) => {
    const path = await writeBeep(`cut-${name}`, ['-c:a', name.startsWith('pcm') ? 'pcm_s16le' : 'aac'])
    const film = await exportFilm(path, { first: 20, last: 39 })
    expect(film.audio).toEqual({ kind: 'converted' })
    const { beepSeconds, soundSeconds } = await hearBeep(film.path)
    // Frame 20 is shown at 1 s, so the beep comes half a second into the film, which lasts 20 frames.
    expect(Math.abs(beepSeconds - 0.5)).toBeLessThan(0.005)
    expect(Math.abs(soundSeconds - 1)).toBeLessThan(0.03)
  })

  it.concurrent('ends with the pictures when the export is stopped', async () => {
    const film = await exportFilm(await writeBeep('stop.mp4', ['-c:a', 'aac']), null, 36)
    expect(film.frameIndices).toHaveLength(36)
    const { beepSeconds, soundSeconds } = await hearBeep(film.path)
    expect(Math.abs(beepSeconds - 1.5)).toBeLessThan(0.005)
    expect(Math.abs(soundSeconds - 1.8)).toBeLessThan(0.03)
  })

  it.concurrent('is left out, and the person told, when it cannot be read', async () => {
    const path = await writeBeep('broken.mkv', ['-c:a', 'pcm_s16le'])
    // A codec that no decoder is for.
    const bytes = await readFile(path)
    const at = bytes.indexOf('A_PCM/INT/LIT')
    bytes.write('A_XYZ/INT/LIT', at, 'latin1')
    await writeFile(path, bytes)
    const film = await exportFilm(path)
    expect(film.audio.kind).toBe('leftOut')
    expect(film.audio.kind === 'leftOut' && film.audio.sentence).toMatch(
      /^The sound could not be taken over: /,
    )
  })
})

const patches = [
  [235, 30, 30],
  [30, 235, 30],
  [30, 30, 235],
  [230, 230, 40],
  [128, 128, 128],
  [250, 250, 250],
  [5, 5, 5],
  [224, 172, 140],
] as const

/** A film of eight flat patches, encoded with a matrix and tagged or not. */
async function writePatches(name: string, matrix: string, range: string, tags: string[]): Promise<string> {
  const [widthPx, heightPx] = [256, 48]
  const rgb = new Uint8Array(widthPx * heightPx * 3)
  for (let place = 0; place < widthPx * heightPx; place++)
    rgb.set(patches[Math.floor((place % widthPx) / 32)]!, place * 3)
  const raw = join(folder, `${name}.rgb`)
  await writeFile(raw, rgb)
  const path = join(folder, name)
  await ffmpeg(
    ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${widthPx}x${heightPx}`, '-i', raw, '-vf'],
    `loop=4:1,scale=out_color_matrix=${matrix}:out_range=${range},format=${range === 'pc' ? 'yuvj420p' : 'yuv420p'}`,
    ...['-c:v', 'libx264', '-crf', '10', ...tags, path],
  )
  return path
}

function patchColours({ rgb, widthPx, heightPx }: DecodedFrame): number[][] {
  return patches.map((_, index) => {
    const at = (Math.floor(heightPx / 2) * widthPx + index * 32 + 16) * 3
    return [...rgb.subarray(at, at + 3)]
  })
}

describe('colours', () => {
  const tagged = (matrix: string, primaries: string): string[] => [
    ...['-colorspace', matrix, '-color_primaries', primaries, '-color_trc', primaries],
  ]
  it.concurrent.each([
    ['BT.709', 'bt709', 'tv', tagged('bt709', 'bt709')],
    ['BT.601', 'smpte170m', 'tv', tagged('smpte170m', 'smpte170m')],
    [
      'BT.2020',
      'bt2020',
      'tv',
      ['-colorspace', 'bt2020nc', '-color_primaries', 'bt2020', '-color_trc', 'smpte2084'],
    ],
    ['full range', 'bt709', 'pc', [...tagged('bt709', 'bt709'), '-color_range', 'pc']],
    ['no tags', 'bt601', 'tv', []],
  ])('do not shift and keep their tags: %s', async (name, matrix, range, tags) => {
    const path = await writePatches(`${name}.mp4`, matrix, range, tags)
    const film = await exportFilm(path)
    const [source, written] = [await openVideo(path), await openVideo(film.path)]
    const [was, is] = [patchColours(await source.frameAt(0)), patchColours(await written.frameAt(0))]
    for (const [index, colour] of was.entries())
      for (const [channel, level] of colour.entries())
        expect(
          Math.abs(is[index]![channel]! - level),
          `patch ${index}: ${colour} ${is[index]}`,
        ).toBeLessThanOrEqual(4)
    expect({ ...written.colorTags, range: null }).toEqual({ ...source.colorTags, range: null })
    expect(written.colorTags.range).toBe(tags.length === 0 ? null : 'tv')
    await source.close()
    await written.close()
  })

  it.concurrent('keep the shape of pixels', async () => {
    const path = join(folder, 'wide.mp4')
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc=s=72x58:r=25:d=0.4,setsar=64/45', '-pix_fmt', 'yuv420p', path)
    const film = await exportFilm(path)
    expect(await probe(film.path, 'stream=sample_aspect_ratio')).toContain('sample_aspect_ratio=64:45')
  })
})
