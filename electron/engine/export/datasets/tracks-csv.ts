import { exportedSeconds } from '../frame-naming.ts'
import { trackEntry } from '../tracks-sink.ts'
import { csvLine } from './csv.ts'
import type { DatasetFormat } from './dataset-format.ts'
import { linesOf } from './lines-of.ts'

const columns = [
  ...['frame', 'time_seconds', 'object_id', 'object', 'class', 'present'],
  ...['left', 'top', 'right', 'bottom', 'area', 'centroid_x', 'centroid_y'],
  ...['object_score', 'predicted_iou'],
]

/** One line for every object on every frame, absent ones too. */
export const tracksCsv: DatasetFormat<unknown> = {
  title: 'Tracks (CSV): presence, box, area, centre, scores, times',
  kind: 'table',
  keeps:
    'box, area, centroid, both scores, source frame number and time of every object on every frame; names, classes',
  loses: 'the masks, colours',
  leavesOut: null,
  listsFrames: false,
  needsPictures: () => false,
  places: () => ['tracks.csv'],
  async open(files, job) {
    const file = await files.text('tracks.csv')
    await file.write(csvLine(columns))
    return {
      async write({ frameIndex, timeSeconds, masks }) {
        const byObject = new Map(masks.map((mask) => [mask.objectIndex, mask]))
        for (const [index, { objectId, name, className }] of job.objects.entries()) {
          const entry = trackEntry(objectId, byObject.get(index))
          const { present, area, objectScore, predictedIou } = entry
          await file.write(
            csvLine([
              ...[frameIndex, exportedSeconds(timeSeconds), index + 1, name, className, present ? 1 : 0],
              ...(entry.box ?? [null, null, null, null]),
              area,
              ...(entry.centroid ?? [null, null]),
              ...[objectScore, predictedIou],
            ]),
          )
        }
        return 0
      },
      async end() {},
    }
  },
  async recount(at, job) {
    let rows = 0
    let masks = 0
    for await (const line of linesOf(at('tracks.csv'))) {
      rows++
      // Names may hold commas; what follows them does not.
      if (/,1(,\d+){5}(,[\d.]+){2},[^,]*,[^,]*$/.test(line)) masks++
    }
    return { frames: (rows - 1) / Math.max(1, job.objects.length), masks }
  },
}
