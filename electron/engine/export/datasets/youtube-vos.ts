import { isFrameFileName } from '../frame-naming.ts'
import { categoryOf, type DatasetFormat } from './dataset-format.ts'
import { recountLabels, requireLabels, writeJpeg, writeLabels } from './label-frames.ts'

export interface YoutubeVosOptions {
  /** Writes the frames themselves, too. */
  readonly frames: boolean
}

/** YouTube-VOS and MOSE: indexed PNG and `meta.json`, which says what each object is and where it is seen. */
export const youtubeVos: DatasetFormat<YoutubeVosOptions> = {
  title: 'YouTube-VOS / MOSE (indexed PNG and meta.json)',
  kind: 'dataset',
  keeps:
    'which object each pixel belongs to, holes too; classes; the frames each object is seen in; frame numbers and times ' +
    'in frames.csv beside it; the pictures, if wanted',
  loses:
    'overlaps (the later object wins), scores, colours; names of objects that have a class; more than 255 objects',
  leavesOut: 'Masks wholly under others, which pictures cannot hold',
  listsFrames: true,
  needsPictures: ({ frames }) => frames,
  places: ({ name }, { frames }) => [
    `Annotations/${name}`,
    ...(frames ? [`JPEGImages/${name}`] : []),
    'meta.json',
    'frames.csv',
  ],
  async open(files, job, { frames }) {
    requireLabels(job)
    const labels = await files.folder(['Annotations', job.name], (name) => isFrameFileName(name, 'png'))
    const pictures = frames
      ? await files.folder(['JPEGImages', job.name], (name) => isFrameFileName(name, 'jpg'))
      : null
    const meta = await files.text('meta.json')
    const seen = job.objects.map((): string[] => [])
    return {
      async write(frame) {
        const visible = await writeLabels(labels, frame)
        for (const label of visible) seen[label - 1]!.push(frame.number)
        if (pictures !== null) await writeJpeg(pictures, frame.number, frame.picture)
        return frame.masks.length - visible.length
      },
      async end() {
        const objects = job.objects.flatMap((object, index) =>
          seen[index]!.length === 0
            ? []
            : [[index + 1, { category: categoryOf(object), frames: seen[index] }]],
        )
        await meta.write(
          `${JSON.stringify({ videos: { [job.name]: { objects: Object.fromEntries(objects) } } })}\n`,
        )
      },
    }
  },
  recount: (at, { name }) => recountLabels(at('Annotations', name)),
}
