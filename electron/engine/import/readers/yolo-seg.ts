import { basename, dirname, join } from 'node:path'
import sharp from 'sharp'
import { parse } from 'yaml'
import { LIMITS } from '../../../contract/limits.ts'
import { MaskFormatError } from '../../masks/mask-errors.ts'
import { fillPolygon } from '../../masks/polygon-fill.ts'
import { chooseSequence } from '../choose-sequence.ts'
import { listedFrame, readFrameList } from '../frame-list.ts'
import { ImportDamaged, ImportNeedsVideo, ImportNotThisFormat } from '../import-errors.ts'
import type { LabelReader, PictureSize } from '../imported-labels.ts'
import { LabelCollector } from '../label-collector.ts'
import { filesIn, foldersIn, isFile, isFolder, kindOfPath, readText, stemOf } from '../read-source.ts'
import { isImagePath, pictureNames } from '../../video/image-folder-source.ts'
import { sentenceOf } from './label-folder.ts'

/** Coordinates are shares of the picture's sides; a little beyond is rounding, much beyond is another format. */
const mostShare = 4

interface LabelTexts {
  readonly labels: string
  readonly pictures: string | null
  readonly root: string
}

/** YOLO segmentation: a text file for each picture, `class x y x y …` on each line. */
export const yoloSeg: LabelReader = {
  async detect(path) {
    return (await labelFolders(path).catch(() => new Map())).size > 0
  },
  async read({ path, sequence, videoSize }) {
    const root = (await kindOfPath(path)) === 'file' ? dirname(path) : path
    const folders = await labelFolders(root)
    if (folders.size === 0) throw new ImportNotThisFormat(path, 'YOLO', 'it has no text files under labels')
    const { labels, pictures } = chooseSequence(folders, sequence)
    const classes = await readClassNames(root, labels)
    const frames = await readFrameList(root)
    const sizes = new PictureSizes(pictures, videoSize)
    const collector = new LabelCollector()
    // Two objects of one class on a frame are not told apart from those on the next.
    collector.lacksIdentities()
    for (const fileName of await labelFiles(labels)) {
      const stem = stemOf(fileName)
      const frame = collector.frame(stem, () => ({ name: stem, number: listedFrame(frames, stem) }))
      const lines = (await readText(join(labels, fileName))).split('\n').filter((line) => line.trim() !== '')
      if (lines.length === 0) continue
      const size = await sizes.of(stem)
      const counted = new Map<number, number>()
      for (const [index, line] of lines.entries()) {
        const where = `line ${index + 1}`
        const shape = parseLine(join(labels, fileName), where, line)
        if (shape.polygon === null) {
          collector.skip(`${fileName}, ${where}`, 'it is a box, not an outline')
          continue
        }
        const count = (counted.get(shape.classNumber) ?? 0) + 1
        counted.set(shape.classNumber, count)
        const className = classes.get(shape.classNumber) ?? `class ${shape.classNumber}`
        const object = collector.object(`${shape.classNumber} ${count}`, () => ({
          name: className,
          className,
        }))
        collector.add(frame, object, filled(join(labels, fileName), where, shape.polygon, size))
      }
    }
    return collector.labels(pictures)
  },
}

function parseLine(
  path: string,
  where: string,
  line: string,
): { classNumber: number; polygon: number[] | null } {
  const [classNumber, ...shares] = line.trim().split(/\s+/).map(Number)
  if (!Number.isInteger(classNumber) || classNumber! < 0 || classNumber! > 1e6)
    throw new ImportDamaged(path, `${where} does not begin with the number of a class`)
  if (!shares.every((share) => Math.abs(share) <= mostShare))
    throw new ImportDamaged(path, `${where} has a coordinate that is no share of the picture`)
  if (shares.length === 4) return { classNumber: classNumber!, polygon: null }
  if (shares.length < 6 || shares.length % 2 !== 0)
    throw new ImportDamaged(path, `${where} has ${shares.length} coordinates, which make no outline`)
  return { classNumber: classNumber!, polygon: shares }
}

function filled(path: string, where: string, shares: readonly number[], size: PictureSize) {
  const polygon = shares.map((share, i) => share * (i % 2 === 0 ? size.widthPx : size.heightPx))
  try {
    return fillPolygon(polygon, size.heightPx, size.widthPx)
  } catch (error) {
    if (!(error instanceof MaskFormatError)) throw error
    throw new ImportDamaged(path, `${where}: ${sentenceOf(error)}`, error)
  }
}

/** Sizes of the pictures that labels belong to; the texts do not say them. */
class PictureSizes {
  readonly #folder: string | null
  readonly #videoSize: PictureSize | null
  #names: Promise<ReadonlyMap<string, string>> | null = null

  constructor(folder: string | null, videoSize: PictureSize | null) {
    this.#folder = folder
    this.#videoSize = videoSize
  }

  /** @throws ImportNeedsVideo when there is neither picture nor video, ImportDamaged for no readable picture */
  async of(stem: string): Promise<PictureSize> {
    const folder = this.#folder
    if (folder !== null) {
      this.#names ??= pictureNames(folder).then((names) => new Map(names.map((name) => [stemOf(name), name])))
      const name = (await this.#names).get(stem)
      if (name !== undefined) return sizeOfPicture(join(folder, name))
    }
    if (this.#videoSize === null) throw new ImportNeedsVideo()
    return this.#videoSize
  }
}

async function sizeOfPicture(path: string): Promise<PictureSize> {
  try {
    const { autoOrient } = await sharp(path).metadata()
    return { widthPx: autoOrient.width, heightPx: autoOrient.height }
  } catch (error) {
    throw new ImportDamaged(path, 'it is no readable picture', error)
  }
}

/** Folders of label texts by split: `labels/train`, `labels` or the folder itself. */
async function labelFolders(path: string): Promise<Map<string, LabelTexts>> {
  const folders = new Map<string, LabelTexts>()
  const root = (await isFolder(path)) ? path : dirname(path)
  const labels = join(root, 'labels')
  if (!(await isFolder(labels))) {
    const hasTexts = (await labelFiles(root)).length > 0
    if (hasTexts) folders.set(basename(root), { labels: root, pictures: await picturesBeside(root), root })
    return folders
  }
  if ((await labelFiles(labels)).length > 0)
    folders.set('labels', { labels, pictures: await picturesBeside(labels), root })
  for (const split of await foldersIn(labels)) {
    const folder = join(labels, split)
    if ((await labelFiles(folder)).length === 0) continue
    folders.set(split, { labels: folder, pictures: await picturesBeside(folder), root })
  }
  return folders
}

/** Lists of classes and of pictures are texts, too. */
async function labelFiles(folder: string): Promise<string[]> {
  const others = new Set(['classes.txt', 'obj.names', 'train.txt', 'val.txt', 'test.txt', 'README.txt'])
  return (await filesIn(folder, '.txt')).filter((name) => !others.has(name))
}

async function picturesBeside(labels: string): Promise<string | null> {
  const images = labels.replace(/labels(?=(?:[/\\][^/\\]*)?$)/, 'images')
  if (images !== labels && (await isFolder(images))) return images
  return (await pictureNames(labels)).some((name) => isImagePath(name)) ? labels : null
}

async function readClassNames(root: string, labels: string): Promise<ReadonlyMap<number, string>> {
  for (const name of ['data.yaml', 'data.yml', 'dataset.yaml']) {
    const path = join(root, name)
    if (!(await isFile(path))) continue
    let content: unknown
    try {
      content = parse(await readText(path), { maxAliasCount: 0 })
    } catch (error) {
      throw new ImportDamaged(path, 'it is no YAML', error)
    }
    const names = typeof content === 'object' && content !== null && 'names' in content ? content.names : {}
    if (typeof names !== 'object' || names === null) throw new ImportDamaged(path, 'its names are no list')
    return new Map(
      Object.entries(names)
        .slice(0, LIMITS.textLength)
        .map(([number, className]) => [Number(number), String(className)]),
    )
  }
  for (const folder of [root, labels]) {
    const path = join(folder, 'classes.txt')
    if (await isFile(path))
      return new Map((await readText(path)).split('\n').map((line, number) => [number, line.trim()]))
  }
  return new Map()
}
