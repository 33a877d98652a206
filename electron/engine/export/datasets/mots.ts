import { readdir } from 'node:fs/promises'
import { encode } from 'fast-png'
import type { RunLengthMask } from '../../../contract/mask.ts'
import { decodeRunLength } from '../../masks/run-length-mask.ts'
import { isRunLengthEmpty } from '../../masks/run-length-measures.ts'
import { subtractRunLength, unionRunLength } from '../../masks/run-length-sets.ts'
import { ExportTooManyClasses, ExportTooManyObjects } from '../export-errors.ts'
import { categoriesOf, categoryOf, type DatasetFormat, type DatasetMask } from './dataset-format.ts'
import { linesOf } from './lines-of.ts'
import { sequenceDescription } from './mot-sequence.ts'

/** An object's number is its class's number times this plus its own. */
const idsPerClass = 1000
/** Numbers of objects have to fit into 16 bits. */
const mostClasses = 64

/** MOTS: the run lengths as text and the same as pictures of 16 bits. */
export const mots: DatasetFormat<unknown> = {
  title: 'MOTS (text and PNG)',
  kind: 'dataset',
  keeps:
    'which object each pixel belongs to, holes too; track ids; numbers of classes, whose names are in labels.txt; frame ' +
    'numbers and times in frames.csv beside it',
  loses: 'overlaps (the later object wins), scores, names, colours; more than 999 objects or 64 classes',
  leavesOut: 'Masks wholly under others, which files cannot hold',
  firstNumber: 1,
  listsFrames: true,
  needsPictures: () => false,
  places: ({ name }) => [
    `instances_txt/${name}.txt`,
    `instances/${name}`,
    'labels.txt',
    'seqinfo.ini',
    'frames.csv',
  ],
  async open(files, job) {
    const categories = categoriesOf(job.objects)
    if (job.objects.length >= idsPerClass) throw new ExportTooManyObjects(job.objects.length, idsPerClass - 1)
    if (categories.length > mostClasses) throw new ExportTooManyClasses(categories.length, mostClasses)
    const text = await files.text('instances_txt', `${job.name}.txt`)
    const pictures = await files.folder(['instances', job.name], (name) => /^\d{6,}\.png$/.test(name))
    const labels = await files.text('labels.txt')
    await labels.write(categories.map((category) => `${category}\n`).join(''))
    const sequence = await files.text('seqinfo.ini')
    await sequence.write(sequenceDescription(job))
    return {
      async write({ number, masks, picture: { widthPx, heightPx } }) {
        const frame = Number(number)
        const ids = new Uint16Array(widthPx * heightPx)
        const visible = visibleParts(masks)
        for (const { object, objectIndex, part } of visible) {
          const category = categories.indexOf(categoryOf(object)) + 1
          const id = category * idsPerClass + objectIndex + 1
          await text.write(`${frame} ${id} ${category} ${heightPx} ${widthPx} ${part.counts}\n`)
          const { data } = decodeRunLength(part)
          for (let i = 0; i < data.length; i++) if (data[i]) ids[i] = id
        }
        const png = encode({ width: widthPx, height: heightPx, depth: 16, channels: 1, data: ids })
        await pictures.write(`${String(frame).padStart(6, '0')}.png`, png)
        return masks.length - visible.length
      },
      async end() {},
    }
  },
  async recount(at, { name }) {
    let masks = 0
    for await (const line of linesOf(at('instances_txt', `${name}.txt`)))
      if (line.split(' ').length === 6) masks++
    const pictures = await readdir(at('instances', name))
    return { frames: pictures.filter((file) => /^\d{6,}\.png$/.test(file)).length, masks }
  },
}

/** Masks of MOTS never overlap: what later objects cover goes. */
function visibleParts(masks: readonly DatasetMask[]): (DatasetMask & { readonly part: RunLengthMask })[] {
  const visible: (DatasetMask & { readonly part: RunLengthMask })[] = []
  let covered: RunLengthMask | null = null
  for (const one of masks.toReversed()) {
    const part: RunLengthMask = covered === null ? one.mask : subtractRunLength(one.mask, covered)
    covered = covered === null ? one.mask : unionRunLength(covered, one.mask)
    if (!isRunLengthEmpty(part)) visible.unshift({ ...one, part })
  }
  return visible
}
