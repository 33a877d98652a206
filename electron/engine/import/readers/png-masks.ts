import { basename, dirname, join } from 'node:path'
import { encodeRunLength } from '../../masks/run-length-mask.ts'
import { labelsIn, type LabelPicture } from '../../masks/label-picture.ts'
import { chooseSequence } from '../choose-sequence.ts'
import { listedFrame, readFrameList } from '../frame-list.ts'
import { ImportNotThisFormat } from '../import-errors.ts'
import type { ImportSource, LabelReader } from '../imported-labels.ts'
import { LabelCollector } from '../label-collector.ts'
import { filesIn, foldersIn, isFile, isFolder, kindOfPath, readText, stemOf } from '../read-source.ts'
import { decodeLabels, readLabelFolder } from './label-folder.ts'

/** Objects of MOTS are numbered by class and place: 2003 is the third of class 2. */
const idsPerClass = 1000

type Layout =
  | { readonly kind: 'labels'; readonly folder: string; readonly pictures: string | null }
  | { readonly kind: 'objects'; readonly folder: string; readonly names: readonly string[] }

/**
 * Folders of PNG: one for each object with its masks, or one with pictures of labels (grey, with a palette or in colour,
 * the layouts of VOC and MOTS among them).
 */
export const pngMasks: LabelReader = {
  async detect(path) {
    return (await layoutOf({ path, sequence: null, videoSize: null }).catch(() => null)) !== null
  },
  async read(source) {
    const layout = await layoutOf(source)
    if (layout === null) throw new ImportNotThisFormat(source.path, 'PNG mask', 'it has no PNG files')
    const collector = new LabelCollector()
    const frames = await readFrameList(layout.folder, dirname(layout.folder), dirname(dirname(layout.folder)))
    if (layout.kind === 'objects') {
      for (const name of layout.names) {
        const object = collector.object(name, () => ({ name }))
        await readBinaryMasks(collector, join(layout.folder, name), object, frames)
      }
      return collector.labels(null)
    }
    if (await isBinary(layout.folder)) {
      const object = collector.object('', () => ({ name: basename(layout.folder) }))
      await readBinaryMasks(collector, layout.folder, object, frames)
    } else {
      const classes = await motsClasses(layout.folder)
      await readLabelFolder(collector, {
        ...{ folder: layout.folder, frames, meaningless: meaninglessIn(layout.folder) },
        describe(label) {
          const className = classes[Math.floor(label / idsPerClass) - 1] ?? null
          return { name: className ?? `Object ${label}`, className }
        },
      })
    }
    return collector.labels(layout.pictures)
  },
}

/** Masks of one object: what is at least half as bright as the brightest there can be. */
async function readBinaryMasks(
  collector: LabelCollector,
  folder: string,
  object: number,
  frames: ReadonlyMap<number, number>,
): Promise<void> {
  for (const fileName of await filesIn(folder, '.png')) {
    const picture = await decodeLabels(join(folder, fileName))
    const stem = stemOf(fileName)
    const frame = collector.frame(stem, () => ({ name: stem, number: listedFrame(frames, stem) }))
    collector.add(frame, object, encodeRunLength({ ...picture, data: foregroundOf(picture) }))
  }
}

/** Soft edges are cut at the middle; masks of 0 and 1 are as good as those of 0 and 255. */
function foregroundOf({ labels }: LabelPicture): Uint8Array {
  let brightest = 0
  for (const label of labels) if (label > brightest) brightest = label
  return Uint8Array.from(labels, (label) => (label > 0 && label * 2 >= brightest ? 1 : 0))
}

/** Grey pictures that reach white hold one mask, not labels. */
async function isBinary(folder: string): Promise<boolean> {
  for (const fileName of await filesIn(folder, '.png')) {
    const picture = await decodeLabels(join(folder, fileName))
    if (picture.kind !== 'grey') return false
    const labels = labelsIn(picture)
    if (labels.length > 0) return labels.includes(picture.labels instanceof Uint16Array ? 65_535 : 255)
  }
  return false
}

async function layoutOf({ path, sequence }: ImportSource): Promise<Layout | null> {
  if ((await kindOfPath(path)) === 'file') return null
  if ((await filesIn(path, '.png')).length > 0)
    return { kind: 'labels', folder: path, pictures: await picturesFor(path) }
  const root = await rootOf(path)
  // A folder for each object tells more than the labels that `track --palette` puts beside it: overlaps and names.
  return (
    (await labelLayout(root, sequence, ['SegmentationObject', 'instances'])) ??
    (await objectLayout(join(root, 'masks'))) ??
    (await labelLayout(root, sequence, ['palette'])) ??
    (await objectLayout(root))
  )
}

async function labelLayout(
  root: string,
  sequence: string | null,
  folderNames: readonly string[],
): Promise<Layout | null> {
  for (const name of folderNames) {
    const folder = join(root, name)
    if (!(await isFolder(folder))) continue
    if ((await filesIn(folder, '.png')).length > 0)
      return { kind: 'labels', folder, pictures: await picturesFor(folder) }
    const films = new Map((await foldersIn(folder)).map((film) => [film, join(folder, film)]))
    if (films.size > 0)
      return { kind: 'labels', folder: chooseSequence(films, sequence), pictures: await picturesFor(folder) }
  }
  return null
}

async function objectLayout(folder: string): Promise<Layout | null> {
  if (!(await isFolder(folder))) return null
  const names: string[] = []
  for (const name of await foldersIn(folder)) {
    if ((await filesIn(join(folder, name), '.png')).length > 0) names.push(name)
  }
  return names.length === 0 ? null : { kind: 'objects', folder, names }
}

/** A set with one split has its folders one level down. */
async function rootOf(path: string): Promise<string> {
  const [only, ...others] = await foldersIn(path)
  if (only === undefined || others.length > 0) return path
  return (await isFolder(join(path, only, 'instances'))) ? join(path, only) : path
}

/** Labels that stand for no object: VOC's borders, MOTS's regions to be ignored. */
function meaninglessIn(folder: string): ReadonlyMap<number, string> {
  const layouts = [folder, dirname(folder)].map((path) => basename(path))
  if (layouts.includes('SegmentationObject')) return new Map([[255, 'VOC marks borders with it']])
  if (layouts.includes('instances')) return new Map([[10_000, 'MOTS marks regions to be ignored with it']])
  return new Map()
}

async function picturesFor(folder: string): Promise<string | null> {
  for (const name of ['JPEGImages', 'images']) {
    const pictures = join(dirname(folder), name)
    if (pictures !== folder && (await isFolder(pictures))) return pictures
  }
  return null
}

/** Names of MOTS's classes, first that of class 1; none where no list lies there. */
async function motsClasses(folder: string): Promise<string[]> {
  for (const path of [join(folder, 'labels.txt'), join(dirname(dirname(folder)), 'labels.txt')]) {
    if (await isFile(path)) return (await readText(path)).split('\n').map((line) => line.trim())
  }
  return []
}
