import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { UserFacingError } from '../../electron/contract/errors.ts'
import { decodePngLabels } from '../../electron/engine/masks/png-reader.ts'
import type { BinaryMask } from '../../electron/engine/masks/binary-mask.ts'

/** One sequence of a folder in DAVIS layout. */
export interface Sequence {
  readonly name: string
  readonly framesFolder: string
  /** Mask files by frame index; not every frame needs one. */
  readonly maskFiles: ReadonlyMap<number, string>
}

/** What is true of one frame: label by pixel, row-major. */
export interface TrueLabels {
  readonly widthPx: number
  readonly heightPx: number
  readonly labels: ArrayLike<number>
  /** Objects that occur, background and void left out. */
  readonly objectIds: readonly number[]
}

const voidLabel = 255

/** A folder that is no data set in DAVIS layout, or has no sequence in it. */
export class NoDavisFolder extends UserFacingError {
  constructor(folder: string, cause?: unknown) {
    const sentence = `${folder} holds no sequences in DAVIS layout: JPEGImages/<sequence> and Annotations/<sequence>.`
    super('NoDavisFolder', sentence, { cause })
  }
}

/** None of the names that were asked for is a sequence of the folder. */
export class NoSuchSequence extends UserFacingError {
  constructor(folder: string, sequences: readonly Sequence[]) {
    const names = sequences.map(({ name }) => name).join(', ')
    super('NoSuchSequence', `${folder} has no sequence of the names asked for, but ${names}.`)
  }
}

/**
 * `JPEGImages` and `Annotations`, with or without a folder for the resolution (`480p`) between: the sequences of the
 * names asked for, or all; never empty.
 * @throws NoDavisFolder, NoSuchSequence
 */
export function sequencesIn(folder: string, names?: readonly string[]): Sequence[] {
  let sequences: Sequence[]
  try {
    sequences = readSequences(folder)
  } catch (error) {
    throw new NoDavisFolder(folder, error)
  }
  if (sequences.length === 0) throw new NoDavisFolder(folder)
  const wanted = sequences.filter(({ name }) => names?.includes(name) ?? true)
  if (wanted.length === 0) throw new NoSuchSequence(folder, sequences)
  return wanted
}

function readSequences(folder: string): Sequence[] {
  const frames = resolutionFolder(join(folder, 'JPEGImages'))
  const masks = resolutionFolder(join(folder, 'Annotations'))
  return readdirSync(frames, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(masks, entry.name)))
    .map(({ name }) => sequence(name, join(frames, name), join(masks, name)))
    .sort((a, b) => a.name.localeCompare(b.name))
}

function resolutionFolder(folder: string): string {
  const entries = readdirSync(folder, { withFileTypes: true })
  const [only] = entries.filter((entry) => entry.isDirectory())
  const holdsSequences = (path: string): boolean =>
    readdirSync(path, { withFileTypes: true }).some((entry) => entry.isDirectory())
  return only && holdsSequences(join(folder, only.name)) ? join(folder, only.name) : folder
}

function sequence(name: string, framesFolder: string, masksFolder: string): Sequence {
  const stems = readdirSync(framesFolder)
    .filter((file) => /\.(jpe?g|png)$/i.test(file))
    .sort()
    .map((file) => parse(file).name)
  const masks = readdirSync(masksFolder).filter((file) => file.endsWith('.png'))
  const maskFiles = new Map<number, string>()
  for (const file of masks.sort()) {
    const frameIndex = stems.indexOf(parse(file).name)
    if (frameIndex >= 0) maskFiles.set(frameIndex, join(masksFolder, file))
  }
  return { name, framesFolder, maskFiles }
}

/** Reads a mask file: palette indices, or grey where all that is not black is object 1. */
export async function readTrueLabels(file: string): Promise<TrueLabels> {
  const picture = decodePngLabels(await readFile(file))
  const isPalette = picture.kind === 'palette'
  const labels = isPalette ? picture.labels : picture.labels.map((label) => (label > 0 ? 1 : 0))
  const objectIds = [...new Set(labels)].filter((label) => label !== 0 && !(isPalette && label === voidLabel))
  return {
    widthPx: picture.widthPx,
    heightPx: picture.heightPx,
    labels,
    objectIds: objectIds.sort((a, b) => a - b),
  }
}

export function maskOfObject({ widthPx, heightPx, labels }: TrueLabels, objectId: number): BinaryMask {
  return { widthPx, heightPx, data: Uint8Array.from(labels, (label) => (label === objectId ? 1 : 0)) }
}
