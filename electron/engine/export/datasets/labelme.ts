import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeRunLength } from '../../masks/run-length-mask.ts'
import { polygonsOfMask } from '../../masks/polygon-keyhole.ts'
import { isFrameFileName } from '../frame-naming.ts'
import { categoryOf, type DatasetFormat } from './dataset-format.ts'
import { writeJpeg } from './label-frames.ts'

export interface LabelmeOptions {
  /** Writes the frames themselves, too. */
  readonly frames: boolean
}

/** LabelMe: one JSON file a frame with a polygon for every part of an object. */
export const labelme: DatasetFormat<LabelmeOptions> = {
  title: 'LabelMe (JSON)',
  kind: 'dataset',
  keeps:
    'every pixel of every mask, overlaps too; which object is which (group_id), names and classes; source frame number ' +
    'and time of every frame; the pictures, if wanted',
  loses: 'scores, colours; holes become cuts',
  leavesOut: null,
  listsFrames: false,
  needsPictures: ({ frames }) => frames,
  places: ({ name }) => [name],
  async open(files, job, { frames }) {
    const folder = await files.folder(
      [job.name],
      (name) => isFrameFileName(name, 'json') || isFrameFileName(name, 'jpg'),
    )
    const { widthPx, heightPx } = job.source
    return {
      async write({ frameIndex, number, timeSeconds, masks, picture }) {
        const shapes = masks.flatMap(({ object, objectIndex, mask }) =>
          polygonsOfMask(decodeRunLength(mask)).map((polygon) => ({
            label: categoryOf(object),
            points: pointsOf(polygon),
            group_id: objectIndex + 1,
            description: object.name,
            shape_type: 'polygon',
            flags: {},
            mask: null,
          })),
        )
        const content = {
          version: '5.5.0',
          flags: {},
          shapes,
          imagePath: frames ? `${number}.jpg` : (job.pictureNames?.[frameIndex] ?? `${number}.jpg`),
          imageData: null,
          imageHeight: heightPx,
          imageWidth: widthPx,
          frameNumber: frameIndex,
          timeSeconds,
        }
        await folder.write(`${number}.json`, `${JSON.stringify(content)}\n`)
        if (frames) await writeJpeg(folder, number, picture)
        return 0
      },
      async end() {},
    }
  },
  async recount(at, { name }) {
    const folder = at(name)
    const names = (await readdir(folder)).filter((file) => isFrameFileName(file, 'json'))
    let masks = 0
    for (const file of names) {
      const { shapes } = JSON.parse(await readFile(join(folder, file), 'utf8')) as {
        shapes: { group_id: number }[]
      }
      masks += new Set(shapes.map((shape) => shape.group_id)).size
    }
    return { frames: names.length, masks }
  },
}

function pointsOf(polygon: readonly number[]): [x: number, y: number][] {
  return Array.from({ length: polygon.length / 2 }, (_, i) => [polygon[2 * i]!, polygon[2 * i + 1]!])
}
