import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { decodeRunLength } from '../../masks/run-length-mask.ts'
import { singleRingOfMask } from '../../masks/polygon-keyhole.ts'
import { isFrameFileName } from '../frame-naming.ts'
import { categoriesOf, categoryOf, type DatasetFormat } from './dataset-format.ts'
import { writeJpeg } from './label-frames.ts'
import { linesOf } from './lines-of.ts'

export interface YoloSegOptions {
  /** Writes the frames themselves, too. */
  readonly frames: boolean
}

/** Digits that keep a corner of a pixel apart from its neighbours in the widest picture there is. */
const digits = 6

/** YOLO segmentation as Ultralytics reads it: a text file a frame, a polygon a line. */
export const yoloSeg: DatasetFormat<YoloSegOptions> = {
  title: 'YOLO segmentation (text)',
  kind: 'dataset',
  keeps:
    'every pixel of every mask, overlaps too; classes (objects without a class become one each); frame numbers and ' +
    'times in frames.csv beside it; the pictures, if wanted',
  loses:
    'which object is which among those of one class, scores, colours; holes and parts become cuts of one outline',
  leavesOut: null,
  listsFrames: true,
  needsPictures: ({ frames }) => frames,
  places: (_, { frames }) => ['labels/train', ...(frames ? ['images/train'] : []), 'data.yaml', 'frames.csv'],
  async open(files, job, { frames }) {
    const categories = categoriesOf(job.objects)
    const labels = await files.folder(['labels', 'train'], (name) => isFrameFileName(name, 'txt'))
    const pictures = frames
      ? await files.folder(['images', 'train'], (name) => isFrameFileName(name, 'jpg'))
      : null
    const description = await files.text('data.yaml')
    // Without a `path`, Ultralytics looks beside this file; `.` would be the folder that training is started in.
    await description.write(
      stringify({
        train: 'images/train',
        val: 'images/train',
        names: new Map(categories.entries()),
      }),
    )
    const { widthPx, heightPx } = job.source
    return {
      async write({ number, masks, picture }) {
        const lines = masks.map(({ object, mask }) => {
          const ring = singleRingOfMask(decodeRunLength(mask))
          const coordinates = ring.map((value, i) =>
            (value / (i % 2 === 0 ? widthPx : heightPx)).toFixed(digits),
          )
          return `${categories.indexOf(categoryOf(object))} ${coordinates.join(' ')}\n`
        })
        await labels.write(`${number}.txt`, lines.join(''))
        if (pictures !== null) await writeJpeg(pictures, number, picture)
        return 0
      },
      async end() {},
    }
  },
  async recount(at) {
    const folder = at('labels', 'train')
    const names = (await readdir(folder)).filter((name) => isFrameFileName(name, 'txt'))
    let masks = 0
    for (const name of names) for await (const line of linesOf(join(folder, name))) if (line !== '') masks++
    return { frames: names.length, masks }
  },
}
