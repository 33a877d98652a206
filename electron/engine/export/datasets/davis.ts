import { isFrameFileName } from '../frame-naming.ts'
import type { DatasetFormat } from './dataset-format.ts'
import { csvLine } from './csv.ts'
import { recountLabels, requireLabels, writeLabels } from './label-frames.ts'

/** The folder that DAVIS's tools look into, whatever the pictures' size is. */
const resolution = '480p'

/** DAVIS: one indexed PNG a frame. */
export const davis: DatasetFormat<unknown> = {
  title: 'DAVIS (indexed PNG)',
  kind: 'dataset',
  keeps:
    'which object each pixel belongs to, holes too; frame numbers, times and names in CSV files beside it',
  loses: 'overlaps (the later object wins), scores, colours; more than 255 objects',
  leavesOut: 'Masks wholly under others, which pictures cannot hold',
  listsFrames: true,
  needsPictures: () => false,
  places: ({ name }) => [
    `Annotations/${resolution}/${name}`,
    'ImageSets/2017/val.txt',
    'objects.csv',
    'frames.csv',
  ],
  async open(files, job) {
    requireLabels(job)
    const pictures = await files.folder(['Annotations', resolution, job.name], (name) =>
      isFrameFileName(name, 'png'),
    )
    const set = await files.text('ImageSets', '2017', 'val.txt')
    await set.write(`${job.name}\n`)
    const objects = await files.text('objects.csv')
    await objects.write(csvLine(['label', 'name', 'class']))
    for (const [index, { name, className }] of job.objects.entries())
      await objects.write(csvLine([index + 1, name, className]))
    return {
      async write(frame) {
        return frame.masks.length - (await writeLabels(pictures, frame)).length
      },
      async end() {},
    }
  },
  recount: (at, { name }) => recountLabels(at('Annotations', resolution, name)),
}
