import { existsSync, readdirSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { UserFacingError } from '../../electron/contract/errors.ts'
import { decodePngLabels } from '../../electron/engine/masks/png-reader.ts'
import type { BinaryMask } from '../../electron/engine/masks/binary-mask.ts'
import { pictureNames } from '../../electron/engine/video/image-folder-source.ts'

/** One sequence of a folder in DAVIS layout. */
export interface Sequence {
  readonly name: string
  readonly framesFolder: string
  /** Mask files by frame index, in order; not every frame needs one. */
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

/** A name that was asked for is no sequence of the folder. */
export class NoSuchSequence extends UserFacingError {
  constructor(folder: string, wanted: string, sequences: readonly Sequence[]) {
    const names = sequences.map(({ name }) => name).join(', ')
    super('NoSuchSequence', `${folder} has no sequence named ${wanted}, but ${names}.`)
  }
}

/** A sequence without a mask to begin with. */
export class NoTrueMask extends UserFacingError {
  constructor({ name, maskFiles }: Sequence) {
    const what =
      maskFiles.size === 0 ? 'no mask has the name of one of its frames' : 'its first mask shows no object'
    super('NoTrueMask', `Of ${name} nothing can be tracked: ${what}.`)
  }
}

/** A mask file that does not tell what is true of its frame. */
export class UnusableTrueMask extends UserFacingError {
  constructor(file: string, why: string, cause?: unknown) {
    super('UnusableTrueMask', `${file}: ${why}`, { cause })
  }
}

/**
 * `JPEGImages` and `Annotations`, with or without a folder for the resolution (`480p`) between: the sequences of the
 * names asked for, or all; never empty.
 * @throws NoDavisFolder, NoSuchSequence
 */
export async function sequencesIn(folder: string, names?: readonly string[]): Promise<Sequence[]> {
  let sequences: Sequence[]
  try {
    sequences = await readSequences(folder)
  } catch (error) {
    throw new NoDavisFolder(folder, error)
  }
  if (sequences.length === 0) throw new NoDavisFolder(folder)
  for (const wanted of names ?? [])
    if (!sequences.some(({ name }) => name === wanted)) throw new NoSuchSequence(folder, wanted, sequences)
  return sequences.filter(({ name }) => names?.includes(name) ?? true)
}

async function readSequences(folder: string): Promise<Sequence[]> {
  const frames = resolutionFolder(join(folder, 'JPEGImages'))
  const masks = resolutionFolder(join(folder, 'Annotations'))
  const names = readdirSync(frames, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(masks, entry.name)))
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b))
  return Promise.all(names.map((name) => sequence(name, join(frames, name), join(masks, name))))
}

function resolutionFolder(folder: string): string {
  const entries = readdirSync(folder, { withFileTypes: true })
  const [only] = entries.filter((entry) => entry.isDirectory())
  const holdsSequences = (path: string): boolean =>
    readdirSync(path, { withFileTypes: true }).some((entry) => entry.isDirectory())
  return only && holdsSequences(join(folder, only.name)) ? join(folder, only.name) : folder
}

/** A mask belongs to the frame that has its name; the frames are those that a folder of pictures is opened as. */
async function sequence(name: string, framesFolder: string, masksFolder: string): Promise<Sequence> {
  const frames = new Map((await pictureNames(framesFolder)).map((file, index) => [parse(file).name, index]))
  const maskFiles = new Map<number, string>()
  for (const file of await readdir(masksFolder)) {
    const frameIndex = frames.get(parse(file).name)
    if (file.endsWith('.png') && frameIndex !== undefined) maskFiles.set(frameIndex, join(masksFolder, file))
  }
  return { name, framesFolder, maskFiles: new Map([...maskFiles].sort(([a], [b]) => a - b)) }
}

/**
 * Reads a mask file: palette indices, or grey where all that is not black is object 1.
 * @param frame size of the frame that it belongs to
 * @throws UnusableTrueMask for a damaged file, or one of another size
 */
export async function readTrueLabels(
  file: string,
  frame: { readonly widthPx: number; readonly heightPx: number },
): Promise<TrueLabels> {
  const picture = await decoded(file)
  if (picture.widthPx !== frame.widthPx || picture.heightPx !== frame.heightPx) {
    const [own, wanted] = [picture, frame].map(({ widthPx, heightPx }) => `${widthPx} x ${heightPx}`)
    throw new UnusableTrueMask(file, `it is ${own!} pixels, its frame ${wanted!}.`)
  }
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

async function decoded(file: string) {
  try {
    return decodePngLabels(await readFile(file))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UnusableTrueMask(file, why, error)
  }
}

export function maskOfObject({ widthPx, heightPx, labels }: TrueLabels, objectId: number): BinaryMask {
  return { widthPx, heightPx, data: Uint8Array.from(labels, (label) => (label === objectId ? 1 : 0)) }
}
