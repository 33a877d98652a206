import { emptyRunLength } from '../../masks/run-length-mask.ts'
import { isRunLengthEmpty, runLengthArea } from '../../masks/run-length-measures.ts'
import type { DatasetFormat, DatasetJob } from './dataset-format.ts'
import { cutFile } from './cut-file.ts'
import { linesOf } from './lines-of.ts'

/** Areas below which SA-V calls an object small or medium. */
const [smallArea, mediumArea] = [32 ** 2, 96 ** 2]

function place({ name }: DatasetJob): string {
  return `${name}_manual.json`
}

/** What SA-V says of an object over all frames, gathered as they come. */
class MaskletStatistics {
  #areaOfVisible = 0
  #visibleFrames = 0
  #changes = 0
  #first: number | null = null
  #wasVisible = false

  add(position: number, area: number): void {
    const isVisible = area > 0
    if (this.#first !== null && isVisible !== this.#wasVisible) this.#changes++
    if (isVisible) {
      this.#first ??= position
      this.#visibleFrames++
      this.#areaOfVisible += area
    }
    this.#wasVisible = isVisible
  }

  get firstAppearedFrame(): number {
    return this.#first ?? 0
  }

  get visibilityChanges(): number {
    return this.#changes
  }

  /** Mean over the frames in which it is seen. */
  get meanArea(): number {
    return this.#visibleFrames === 0 ? 0 : this.#areaOfVisible / this.#visibleFrames
  }
}

/** SA-V: one JSON file with the run lengths of every object on every frame, a frame a line. */
export const saV: DatasetFormat<unknown> = {
  title: 'SA-V (JSON)',
  kind: 'dataset',
  keeps:
    'every pixel of every mask, overlaps and holes too; names, classes and colours; source frame number and time of ' +
    'every frame',
  loses: 'scores',
  leavesOut: null,
  listsFrames: false,
  needsPictures: () => false,
  places: (job) => [place(job)],
  async open(files, job) {
    const { source, objects, name } = job
    const empty = emptyRunLength(source.heightPx, source.widthPx)
    const statistics = objects.map(() => new MaskletStatistics())
    const file = await files.text(place(job))
    const frameNumbers: number[] = []
    const times: number[] = []
    const head = {
      video_id: name,
      video_duration: rounded(source.frameCount / source.averageFrameRate),
      video_frame_count: source.frameCount,
      video_height: source.heightPx,
      video_width: source.widthPx,
      video_resolution: source.heightPx * source.widthPx,
      video_environment: null,
      video_split: null,
    }
    await file.write(`${JSON.stringify(head).slice(0, -1)},\n"masklet":[`)
    return {
      async write({ frameIndex, position, timeSeconds, masks }) {
        const byObject = new Map(masks.map(({ objectIndex, mask }) => [objectIndex, mask]))
        const line = objects.map((_, index) => {
          const mask = byObject.get(index) ?? empty
          statistics[index]!.add(position, runLengthArea(mask))
          return { size: mask.size, counts: mask.counts }
        })
        frameNumbers.push(frameIndex)
        times.push(timeSeconds)
        await file.write(`${position === 0 ? '' : ','}\n${JSON.stringify(line)}`)
        return 0
      },
      async end() {
        const pixels = source.heightPx * source.widthPx
        const tail = {
          masklet_id: objects.map((_, index) => index),
          masklet_size_rel: statistics.map(({ meanArea }) => rounded(meanArea / pixels)),
          masklet_size_abs: statistics.map(({ meanArea }) => rounded(meanArea)),
          masklet_size_bucket: statistics.map(({ meanArea }) =>
            meanArea < smallArea ? 'small' : meanArea < mediumArea ? 'medium' : 'large',
          ),
          masklet_visibility_changes: statistics.map(({ visibilityChanges }) => visibilityChanges),
          masklet_first_appeared_frame: statistics.map(({ firstAppearedFrame }) => firstAppearedFrame),
          masklet_frame_count: objects.map(() => frameNumbers.length),
          masklet_type: objects.map(() => 'manual'),
          masklet_num: objects.length,
          // Beyond what SA-V has, for readers that want to know.
          masklet_name: objects.map((object) => object.name),
          masklet_class: objects.map(({ className }) => className),
          masklet_color: objects.map(({ colour }) => colour),
          frame_number: frameNumbers,
          frame_time_seconds: times,
        }
        await file.write(`\n],\n${JSON.stringify(tail).slice(1)}\n`)
      },
    }
  },
  async recount(at, job) {
    const path = at(place(job))
    const count = { frames: 0, masks: 0 }
    let isWithin = false
    let isClosed = false
    for await (const line of linesOf(path)) {
      if (line === '"masklet":[') isWithin = true
      else if (line === '],') [isWithin, isClosed] = [false, true]
      else if (isWithin) {
        const masks = JSON.parse(line.replace(/,$/, '')) as { size: [number, number]; counts: string }[]
        count.frames++
        for (const mask of masks) if (!isRunLengthEmpty(mask)) count.masks++
      }
    }
    if (!isClosed) throw cutFile(place(job))
    return count
  },
}

/** SA-V's numbers have ten decimal places. */
function rounded(value: number): number {
  return Math.round(value * 1e10) / 1e10
}
