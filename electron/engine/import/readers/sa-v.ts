import { dirname, join } from 'node:path'
import { z } from 'zod'
import { LIMITS } from '../../../contract/limits.ts'
import { runLengthMaskSchema } from '../../../contract/mask.ts'
import { frameIndexSchema, sidePxSchema } from '../../../contract/scalars.ts'
import { MaskFormatError } from '../../masks/mask-errors.ts'
import { runLengthCounts, runLengthFromCounts } from '../../masks/run-length-mask.ts'
import { chooseSequence } from '../choose-sequence.ts'
import { ImportDamaged, ImportNotThisFormat } from '../import-errors.ts'
import type { ImportSource, LabelReader } from '../imported-labels.ts'
import { LabelCollector } from '../label-collector.ts'
import {
  checked,
  filesIn,
  isFile,
  kindOfPath,
  parseJson,
  pathWithin,
  readText,
  stemOf,
} from '../read-source.ts'
import { sentenceOf } from './label-folder.ts'

const saVSchema = z.object({
  video_id: z.string().max(LIMITS.textLength).optional(),
  video_frame_count: z
    .int()
    .min(1)
    .max(LIMITS.frameIndex + 1)
    .optional(),
  video_height: sidePxSchema,
  video_width: sidePxSchema,
  masklet: z.array(z.array(runLengthMaskSchema).max(LIMITS.objects)).max(LIMITS.frameIndex + 1),
  masklet_id: z.array(z.union([z.number(), z.string()])).optional(),
  masklet_name: z.array(z.string()).optional(),
  masklet_class: z.array(z.string().nullable()).optional(),
  masklet_color: z.array(z.string()).optional(),
  frame_number: z.array(frameIndexSchema).optional(),
})

/** SA-V: the run lengths of every object on every sampled frame. */
export const saV: LabelReader = {
  async detect(path) {
    const file = await maskletFile({ path, sequence: null, videoSize: null }).catch(() => null)
    return file !== null && /"video_height"/.test((await readText(file)).slice(0, 4_096))
  },
  async read(source) {
    const file = await maskletFile(source)
    const data = parseJson(file, await readText(file))
    if (typeof data !== 'object' || data === null || !('masklet' in data))
      throw new ImportNotThisFormat(file, 'SA-V', 'it has no masklets')
    const content = checked(file, saVSchema, data)
    const {
      masklet,
      masklet_id: ids,
      masklet_name: names,
      masklet_class: classes,
      masklet_color: colours,
    } = content
    const folder = dirname(file)
    const film = content.video_id === undefined ? null : pathWithin(folder, `${content.video_id}.mp4`)
    const collector = new LabelCollector()
    const numberOf = sampledFrames(file, content.frame_number, masklet.length, content.video_frame_count)
    const objects = masklet[0]?.map((_, index) =>
      collector.object(String(index), () => ({
        name: names?.[index] ?? `Object ${ids?.[index] ?? index}`,
        className: classes?.[index] ?? null,
        colour: colours?.[index] ?? null,
      })),
    )
    for (const [position, masks] of masklet.entries()) {
      if (masks.length !== objects!.length)
        throw new ImportDamaged(
          file,
          `its frame ${position} has ${masks.length} masks instead of ${objects!.length}`,
        )
      const frame = collector.frame(position, () => ({ name: null, number: numberOf(position) }))
      for (const [index, mask] of masks.entries()) {
        const [height, width] = mask.size
        const place = `the mask of object ${index} on its frame ${position}`
        if (height !== content.video_height || width !== content.video_width)
          throw new ImportDamaged(file, `${place} has another size than its video`)
        collector.add(frame, objects![index]!, canonical(file, place, mask))
      }
    }
    return collector.labels(film !== null && (await isFile(film)) ? film : null)
  },
}

/** Other writers' strings may hold empty runs. */
function canonical(file: string, place: string, mask: z.infer<typeof runLengthMaskSchema>) {
  try {
    return runLengthFromCounts(runLengthCounts(mask), mask.size[0], mask.size[1])
  } catch (error) {
    if (!(error instanceof MaskFormatError)) throw error
    throw new ImportDamaged(file, `${place}: ${sentenceOf(error)}`, error)
  }
}

/**
 * Which frame of the video a sampled one is: as the file says, or every so many that the numbers of frames fit, as SA-V
 * samples 6 of 24 frames a second.
 */
function sampledFrames(
  file: string,
  listed: readonly number[] | undefined,
  sampledCount: number,
  videoFrameCount: number | undefined,
): (position: number) => number {
  if (listed !== undefined) {
    if (listed.length !== sampledCount)
      throw new ImportDamaged(file, `it has ${sampledCount} frames, but numbers for ${listed.length}`)
    return (position) => listed[position]!
  }
  if (videoFrameCount === undefined || sampledCount === 0) return (position) => position
  const stride = Math.max(1, Math.round(videoFrameCount / sampledCount))
  return Math.ceil(videoFrameCount / stride) === sampledCount
    ? (position) => position * stride
    : (position) => position
}

/** @throws ImportSourceMissing, ImportNotThisFormat, ImportNeedsSequence */
async function maskletFile({ path, sequence }: ImportSource): Promise<string> {
  if ((await kindOfPath(path)) === 'file') return path
  const names = (await filesIn(path, '.json')).filter((name) => /_(manual|auto)\.json$/i.test(name))
  if (names.length === 0)
    throw new ImportNotThisFormat(path, 'SA-V', 'it has no *_manual.json or *_auto.json')
  return chooseSequence(new Map(names.map((name) => [stemOf(name), join(path, name)])), sequence)
}
