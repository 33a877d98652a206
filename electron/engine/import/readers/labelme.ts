import { dirname, join } from 'node:path'
import { z } from 'zod'
import { LIMITS } from '../../../contract/limits.ts'
import type { RunLengthMask } from '../../../contract/mask.ts'
import { frameIndexSchema, sidePxSchema } from '../../../contract/scalars.ts'
import { MaskFormatError } from '../../masks/mask-errors.ts'
import { decodePngLabels } from '../../masks/png-reader.ts'
import { fillPolygon } from '../../masks/polygon-fill.ts'
import { encodeRunLength } from '../../masks/run-length-mask.ts'
import { ImportDamaged, ImportNeedsVideo, ImportNotThisFormat } from '../import-errors.ts'
import type { LabelReader, PictureSize } from '../imported-labels.ts'
import { LabelCollector } from '../label-collector.ts'
import {
  checked,
  filesIn,
  foldersIn,
  isFile,
  kindOfPath,
  parseJson,
  pathWithin,
  readText,
  stemOf,
} from '../read-source.ts'
import { chooseSequence } from '../choose-sequence.ts'
import { sentenceOf } from './label-folder.ts'

const pointSchema = z.tuple([z.number(), z.number()])
const shapeSchema = z.object({
  label: z.string(),
  points: z.array(pointSchema),
  group_id: z.union([z.number(), z.string()]).nullable().optional(),
  description: z.string().nullable().optional(),
  shape_type: z.string().optional(),
  mask: z.string().nullable().optional(),
})
type Shape = z.infer<typeof shapeSchema>

const fileSchema = z.object({
  shapes: z.array(shapeSchema),
  imagePath: z.string().max(LIMITS.textLength),
  imageHeight: sidePxSchema.nullable().optional(),
  imageWidth: sidePxSchema.nullable().optional(),
  frameNumber: frameIndexSchema.optional(),
})

/** LabelMe: a JSON file for each picture; shapes of one label and group are one object. */
export const labelme: LabelReader = {
  async detect(path) {
    const folder = await jsonFolder(path, null).catch(() => null)
    const [first] = folder === null ? [] : await filesIn(folder, '.json')
    return first !== undefined && /"shapes"\s*:/.test(await readText(join(folder!, first)).catch(() => ''))
  },
  async read({ path, sequence, videoSize }) {
    const root = (await kindOfPath(path)) === 'file' ? dirname(path) : path
    const folder = await jsonFolder(path, sequence)
    const collector = new LabelCollector()
    const pictures = new Set<string>()
    let files = 0
    for (const name of await filesIn(folder, '.json')) {
      const file = join(folder, name)
      const data = parseJson(file, await readText(file))
      if (typeof data !== 'object' || data === null || !('shapes' in data)) {
        collector.skip(name, 'it has no shapes, so it is no LabelMe file')
        continue
      }
      files++
      const content = checked(file, fileSchema, data)
      const picture = pathWithin(root, content.imagePath, folder)
      if (await isFile(picture)) pictures.add(dirname(picture))
      const frame = collector.frame(name, () => ({
        name: stemOf(picture),
        number: content.frameNumber ?? null,
      }))
      const { imageWidth, imageHeight } = content
      const size = imageWidth && imageHeight ? { widthPx: imageWidth, heightPx: imageHeight } : videoSize
      if (size === null) throw new ImportNeedsVideo()
      readShapes(collector, file, frame, content.shapes, size)
    }
    if (files === 0) throw new ImportNotThisFormat(path, 'LabelMe', 'it has no JSON file with shapes')
    return collector.labels(pictures.size === 1 ? [...pictures][0]! : null)
  },
}

function readShapes(
  collector: LabelCollector,
  file: string,
  frame: number,
  shapes: readonly Shape[],
  size: PictureSize,
): void {
  const counted = new Map<string, number>()
  for (const [index, shape] of shapes.entries()) {
    const where = `shape ${index}`
    const mask = maskOf(file, where, shape, size)
    if (mask === null) {
      collector.skip(`${where} (${shape.label}) of ${stemOf(file)}`, `a ${shape.shape_type} has no area`)
      continue
    }
    const group = shape.group_id ?? null
    let key = `group ${JSON.stringify([shape.label, group])}`
    if (group === null) {
      collector.lacksIdentities()
      const count = (counted.get(shape.label) ?? 0) + 1
      counted.set(shape.label, count)
      key = `label ${JSON.stringify([shape.label, count])}`
    }
    const object = collector.object(key, () => ({
      name: shape.description?.trim() || shape.label,
      className: shape.label,
    }))
    collector.add(frame, object, mask)
  }
}

/** Null for shapes without an area. @throws ImportDamaged */
function maskOf(file: string, where: string, shape: Shape, size: PictureSize): RunLengthMask | null {
  const { heightPx, widthPx } = size
  try {
    switch (shape.shape_type ?? 'polygon') {
      case 'polygon':
        return fillPolygon(shape.points.flat(), heightPx, widthPx)
      case 'rectangle': {
        const [[x1, y1], [x2, y2]] = z.tuple([pointSchema, pointSchema]).parse(shape.points)
        return fillPolygon([x1, y1, x2, y1, x2, y2, x1, y2], heightPx, widthPx)
      }
      case 'circle':
        return circleMask(z.tuple([pointSchema, pointSchema]).parse(shape.points), size)
      case 'mask':
        return placedMask(shape, size)
      default:
        return null
    }
  } catch (error) {
    if (error instanceof MaskFormatError)
      throw new ImportDamaged(file, `${where}: ${sentenceOf(error)}`, error)
    if (error instanceof z.ZodError) throw new ImportDamaged(file, `${where} has not two points`, error)
    throw error
  }
}

/** All pixels whose centre lies within a circle, given by its centre and a point on it. */
function circleMask(
  [[centreX, centreY], [onX, onY]]: readonly [z.infer<typeof pointSchema>, z.infer<typeof pointSchema>],
  { widthPx, heightPx }: PictureSize,
): RunLengthMask {
  const radius = Math.hypot(onX - centreX, onY - centreY)
  const data = Uint8Array.from({ length: widthPx * heightPx }, (_, i) => {
    const [x, y] = [(i % widthPx) + 0.5, Math.floor(i / widthPx) + 0.5]
    return Math.hypot(x - centreX, y - centreY) <= radius ? 1 : 0
  })
  return encodeRunLength({ widthPx, heightPx, data })
}

/** A shape's own little picture, laid at its first corner. */
function placedMask({ points, mask }: Shape, { widthPx, heightPx }: PictureSize): RunLengthMask {
  const part = decodePngLabels(Buffer.from(mask ?? '', 'base64'))
  const [left, top] = (points[0] ?? [0, 0]).map(Math.round) as [number, number]
  if (left < 0 || top < 0 || left + part.widthPx > widthPx || top + part.heightPx > heightPx)
    throw new MaskFormatError('it leaves the picture')
  const data = new Uint8Array(widthPx * heightPx)
  for (let y = 0; y < part.heightPx; y++) {
    for (let x = 0; x < part.widthPx; x++) {
      if (part.labels[y * part.widthPx + x] !== 0) data[(top + y) * widthPx + left + x] = 1
    }
  }
  return encodeRunLength({ widthPx, heightPx, data })
}

/** The folder with the JSON files: the path, or the one folder in it that has some. */
async function jsonFolder(path: string, sequence: string | null): Promise<string> {
  if ((await kindOfPath(path)) === 'file') return dirname(path)
  if ((await filesIn(path, '.json')).length > 0) return path
  const folders = new Map<string, string>()
  for (const name of await foldersIn(path)) {
    if ((await filesIn(join(path, name), '.json')).length > 0) folders.set(name, join(path, name))
  }
  if (folders.size === 0) throw new ImportNotThisFormat(path, 'LabelMe', 'it has no JSON file')
  return chooseSequence(folders, sequence)
}
