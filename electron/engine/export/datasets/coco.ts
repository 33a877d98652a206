import { decodeRunLength } from '../../masks/run-length-mask.ts'
import { runLengthArea, runLengthBox } from '../../masks/run-length-measures.ts'
import { polygonsOfMask } from '../../masks/polygon-keyhole.ts'
import { cutFile } from './cut-file.ts'
import { categoriesOf, categoryOf, type DatasetFormat, type DatasetJob } from './dataset-format.ts'
import { linesOf } from './lines-of.ts'

export interface CocoOptions {
  readonly segmentation: 'rle' | 'polygon'
}

function place({ name }: DatasetJob): string {
  return `annotations/instances_${name}.json`
}

/** COCO instances: one JSON file, an image a line and an annotation a line. */
export const coco: DatasetFormat<CocoOptions> = {
  title: 'COCO instances (JSON)',
  kind: 'dataset',
  keeps:
    'every pixel of every mask, overlaps and holes too (as run lengths or as polygons); track ids, names, classes, ' +
    'colours; source frame number and time of every frame',
  loses: 'scores; with polygons, holes become cuts',
  leavesOut: null,
  listsFrames: false,
  needsPictures: () => false,
  places: (job) => [place(job)],
  async open(files, job, { segmentation }) {
    const { source, objects, name } = job
    const [widthPx, heightPx] = [source.widthPx, source.heightPx]
    const categories = categoriesOf(objects)
    const main = await files.text('annotations', `instances_${name}.json`)
    // Annotations follow the images in the file, but come with them.
    const annotations = await files.scratch('annotations')
    const head = {
      info: { description: name, version: '1.0', contributor: 'Maskwright' },
      licenses: [],
      videos: [{ id: 1, name, width: widthPx, height: heightPx, length: job.frameIndices.length }],
      categories: categories.map((category, index) => ({ id: index + 1, name: category, supercategory: '' })),
      tracks: objects.map((object, index) => ({
        id: index + 1,
        name: object.name,
        category_id: categories.indexOf(categoryOf(object)) + 1,
        color: object.colour,
      })),
    }
    await main.write(`${JSON.stringify(head).slice(0, -1)},\n"images":[`)
    let annotationId = 0
    return {
      async write({ frameIndex, position, number, timeSeconds, masks }) {
        const image = {
          id: position + 1,
          file_name: job.pictureNames?.[frameIndex] ?? `${number}.jpg`,
          width: widthPx,
          height: heightPx,
          video_id: 1,
          frame_id: position,
          frame_number: frameIndex,
          time_seconds: timeSeconds,
        }
        await main.write(`${position === 0 ? '' : ','}\n${JSON.stringify(image)}`)
        for (const { mask, object, objectIndex } of masks) {
          const box = runLengthBox(mask)!
          annotationId++
          const annotation = {
            id: annotationId,
            image_id: position + 1,
            category_id: categories.indexOf(categoryOf(object)) + 1,
            track_id: objectIndex + 1,
            // One object is no crowd, however its mask is written: readers pass crowds over.
            iscrowd: 0,
            area: runLengthArea(mask),
            bbox: [box.leftPx, box.topPx, box.widthPx, box.heightPx],
            segmentation:
              segmentation === 'rle'
                ? { size: mask.size, counts: mask.counts }
                : polygonsOfMask(decodeRunLength(mask)),
          }
          await annotations.write(`${annotationId === 1 ? '' : ','}\n${JSON.stringify(annotation)}`)
        }
        return 0
      },
      async end() {
        await main.write('\n],\n"annotations":[')
        await main.append(annotations)
        await main.write('\n]}\n')
      },
    }
  },
  async recount(at, job) {
    const path = at(place(job))
    const count = { frames: 0, masks: 0 }
    let section: keyof typeof count | null = null
    let isClosed = false
    for await (const line of linesOf(path)) {
      if (line === '"images":[') section = 'frames'
      else if (line === '"annotations":[') section = 'masks'
      else if (line === ']}') isClosed = true
      else if (section !== null && line.startsWith('{"id":')) {
        JSON.parse(line.replace(/,$/, ''))
        count[section]++
      }
    }
    if (!isClosed) throw cutFile(place(job))
    return count
  },
}
