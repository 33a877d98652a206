import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import { startChild } from '../processes/child-processes.ts'
import type { MediaTools } from '../video/media-tools.ts'
import { trackFrameSchema } from '../../contract/tracks.ts'
import { inputArgs } from '../video/media-path.ts'
import { ExportMismatch } from './export-errors.ts'
import { isFrameFileName } from './frame-naming.ts'
import type { WrittenOutput } from './frame-sink.ts'

export interface VerifyExportOptions {
  readonly tools: MediaTools
  /** Frames of the source that had to be exported, in order. */
  readonly frameIndices: readonly number[]
  /** The source's presentation time of each of them. */
  readonly timesSeconds: readonly number[]
  readonly outputs: readonly WrittenOutput[]
  /** Masks with pixels that the sinks were given; data sets are held against it. */
  readonly maskCount?: number | undefined
}

/** What the closing check found, one sentence an output. */
export interface ExportReport {
  readonly framesIn: number
  /** Of every output; they are equal, or the check would have thrown. */
  readonly framesOut: number
  readonly sentences: readonly string[]
}

/**
 * The closing check of every export: reads what was written, before it takes its final
 * name, and compares it with the source. In films it counts the
 * packets and compares the time of each with the source's table, in picture folders the names, in `tracks.json` frame
 * numbers, times and the entries of each object, in data sets frames and masks.
 * @throws ExportMismatch that names every difference
 */
export async function verifyExport(options: VerifyExportOptions): Promise<ExportReport> {
  const expected = options.frameIndices
  const differences: string[] = []
  const sentences: string[] = []
  for (const output of options.outputs) {
    const found = await differencesOf(output, options)
    differences.push(...found)
    if (found.length === 0) sentences.push(sentenceFor(output, expected.length))
  }
  if (differences.length > 0) throw new ExportMismatch(differences)
  return { framesIn: expected.length, framesOut: expected.length, sentences }
}

async function differencesOf(output: WrittenOutput, options: VerifyExportOptions): Promise<string[]> {
  switch (output.kind) {
    case 'video':
      return videoDifferences(output, options)
    case 'pictures':
      return pictureDifferences(output, options)
    case 'tracks':
      return trackDifferences(output, options)
    case 'dataset':
      return datasetDifferences(output, options)
  }
}

async function videoDifferences(
  output: Extract<WrittenOutput, { kind: 'video' }>,
  { tools, timesSeconds }: VerifyExportOptions,
): Promise<string[]> {
  const name = basename(output.path)
  const written = await packetTimes(tools, output.stagedPath)
  if (written.length !== timesSeconds.length)
    return [`${name} has ${written.length} frames instead of ${timesSeconds.length}`]
  // Films may begin at 0 instead of the source's first time; what counts is that all are moved alike.
  const offset = (timesSeconds[0] ?? 0) - (output.timesSeconds[0] ?? 0)
  const isWrong = (time: number, index: number): boolean =>
    Math.abs(time + offset - timesSeconds[index]!) > output.toleranceSeconds
  const wrong = written.findIndex(isWrong)
  if (wrong < 0) return []
  const [is, should] = [written[wrong]! + offset, timesSeconds[wrong]!]
  return [
    `${name} shows frame ${output.frameIndices[wrong]} at ${is.toFixed(6)} s instead of ${should.toFixed(6)} s`,
  ]
}

/** Times of all packets of the film in presentation order. Ticks are read, not ffprobe's rounded seconds. */
async function packetTimes(tools: MediaTools, path: string): Promise<number[]> {
  const child = startChild(tools.ffprobe, [
    ...['-v', 'error', '-select_streams', 'v:0'],
    ...['-show_entries', 'stream=time_base:packet=pts', '-of', 'compact=p=1:nk=1'],
    ...inputArgs(path),
  ])
  const ticks: number[] = []
  let timeBase = [0, 1]
  for await (const line of createInterface({ input: child.stdout })) {
    const [section, value] = line.split('|')
    if (section === 'packet') ticks.push(Number(value))
    else if (section === 'stream') timeBase = value!.split('/').map(Number)
  }
  await child.succeeded()
  const secondsPerTick = timeBase[0]! / timeBase[1]!
  return ticks.sort((first, second) => first - second).map((tick) => tick * secondsPerTick)
}

async function pictureDifferences(
  output: Extract<WrittenOutput, { kind: 'pictures' }>,
  { frameIndices }: VerifyExportOptions,
): Promise<string[]> {
  const name = basename(output.folder)
  const ending = `.${output.extension}`
  const found = (await readdir(output.stagedFolder)).filter((file) => isFrameFileName(file, output.extension))
  if (output.stems.length !== frameIndices.length)
    return [`${name} was given ${output.stems.length} frames instead of ${frameIndices.length}`]
  const present = new Set(found)
  const missing = output.stems.find((stem) => !present.has(stem + ending))
  if (missing !== undefined) return [`${name} lacks ${missing}${ending}`]
  return found.length === output.stems.length
    ? []
    : [`${name} has ${found.length} pictures instead of ${output.stems.length}`]
}

async function trackDifferences(
  output: Extract<WrittenOutput, { kind: 'tracks' }>,
  { frameIndices, timesSeconds }: VerifyExportOptions,
): Promise<string[]> {
  const name = basename(output.path)
  let count = 0
  let isClosed = false
  for await (const line of createInterface({ input: createReadStream(output.stagedPath) })) {
    if (line.startsWith('"framesWritten":')) isClosed = line === `"framesWritten":${frameIndices.length}}`
    if (!line.startsWith('{"frame":')) continue
    const { frame, timeSeconds, objects } = trackFrameSchema.parse(JSON.parse(line.replace(/,$/, '')))
    const expected = frameIndices[count]
    if (frame !== expected) return [`${name} has frame ${frame} in the place of ${expected ?? 'the end'}`]
    if (Math.abs(timeSeconds - timesSeconds[count]!) > 1e-6)
      return [
        `${name} puts frame ${frame} at ${timeSeconds} s instead of ${timesSeconds[count]!.toFixed(6)} s`,
      ]
    if (objects.length !== output.objectCount)
      return [`${name} has ${objects.length} objects instead of ${output.objectCount} on frame ${frame}`]
    count++
  }
  if (count !== frameIndices.length) return [`${name} has ${count} frames instead of ${frameIndices.length}`]
  return isClosed ? [] : [`${name} has no end`]
}

async function datasetDifferences(
  output: Extract<WrittenOutput, { kind: 'dataset' }>,
  { frameIndices, maskCount }: VerifyExportOptions,
): Promise<string[]> {
  const name = basename(output.path)
  const found = await output.recount()
  const given = output.maskCount + output.leftOutCount
  const differences: string[] = []
  if (output.frameIndices.length !== frameIndices.length)
    differences.push(
      `${name} was given ${output.frameIndices.length} frames instead of ${frameIndices.length}`,
    )
  if (found.frames !== frameIndices.length)
    differences.push(`${name} has ${found.frames} frames instead of ${frameIndices.length}`)
  if (maskCount !== undefined && given !== maskCount)
    differences.push(`${name} was given ${given} masks instead of ${maskCount}`)
  if (found.masks !== output.maskCount)
    differences.push(`${name} has ${found.masks} masks instead of ${output.maskCount}`)
  return differences
}

function sentenceFor(output: WrittenOutput, frames: number): string {
  switch (output.kind) {
    case 'video':
      return `${basename(output.path)}: ${frames} frames in, ${frames} out; times equal${soundNote(output)}`
    case 'pictures':
      return `${basename(output.folder)}: ${frames} frames in, ${frames} pictures out; numbers equal`
    case 'tracks':
      return `${basename(output.path)}: ${frames} frames in, ${frames} out; times equal`
    case 'dataset':
      return [
        `${basename(output.path)}: ${frames} frames in, ${frames} out${maskNote(output)}`,
        ...output.notes,
      ].join('. ')
  }
}

/** A list of frames holds no masks, which needs no words. */
function maskNote({ maskCount, leftOutCount, notes }: Extract<WrittenOutput, { kind: 'dataset' }>): string {
  if (maskCount === 0 && notes.length === 0) return ''
  return `; ${maskCount + leftOutCount} masks in, ${maskCount} out`
}

function soundNote({ audio }: Extract<WrittenOutput, { kind: 'video' }>): string {
  switch (audio.kind) {
    case 'none':
      return ''
    case 'copied':
      return '; sound copied'
    case 'converted':
      return '; sound converted to AAC'
    case 'leftOut':
      return `. ${audio.sentence}`
  }
}
