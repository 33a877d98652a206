import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { LIMITS } from '../../../contract/limits.ts'
import type { RunLengthMask } from '../../../contract/mask.ts'
import { sidePxSchema } from '../../../contract/scalars.ts'
import { MaskFormatError } from '../../masks/mask-errors.ts'
import { fillPolygons } from '../../masks/polygon-fill.ts'
import { runLengthCounts, runLengthFromCounts } from '../../masks/run-length-mask.ts'
import { chooseSequence } from '../choose-sequence.ts'
import { ImportDamaged, ImportNotThisFormat } from '../import-errors.ts'
import type { ImportSource, LabelReader } from '../imported-labels.ts'
import { LabelCollector } from '../label-collector.ts'
import {
  checked,
  filesIn,
  isFile,
  isFolder,
  kindOfPath,
  parseJson,
  pathWithin,
  readText,
  stemOf,
} from '../read-source.ts'
import { sentenceOf } from './label-folder.ts'

const idSchema = z.union([z.number(), z.string().max(LIMITS.textLength)])
const trackIdSchema = idSchema.nullable().optional()

const cocoSchema = z.object({
  images: z.array(
    z.object({
      id: idSchema,
      width: sidePxSchema,
      height: sidePxSchema,
      file_name: z.string().max(LIMITS.textLength),
      video_id: idSchema.nullable().optional(),
      frame_number: z.int().min(0).max(LIMITS.frameIndex).nullable().optional(),
    }),
  ),
  annotations: z.array(
    z.object({
      id: idSchema.optional(),
      image_id: idSchema,
      category_id: idSchema,
      segmentation: z.unknown(),
      track_id: trackIdSchema,
      instance_id: trackIdSchema,
      attributes: z.object({ track_id: trackIdSchema }).optional(),
    }),
  ),
  categories: z.array(z.object({ id: idSchema, name: z.string() })),
  videos: z.array(z.object({ id: idSchema, name: z.string().optional() })).optional(),
  tracks: z
    .array(z.object({ id: idSchema, name: z.string().optional(), color: z.string().optional() }))
    .optional(),
})
type Coco = z.infer<typeof cocoSchema>

const segmentationSchema = z.union([
  z.array(z.array(z.number())),
  z.object({
    size: z.tuple([sidePxSchema, sidePxSchema]),
    counts: z.union([z.string().max(LIMITS.maskCountsLength), z.array(z.number())]),
  }),
])

/** COCO instances: polygons and run lengths, compressed or not. */
export const coco: LabelReader = {
  async detect(path) {
    const file = await instancesFile({ path, sequence: null, videoSize: null }).catch(() => null)
    if (file === null) return false
    const head = (await readText(file).catch(() => '')).slice(0, 65_536)
    return /"(images|annotations|categories)"\s*:/.test(head)
  },
  async read(source) {
    const file = await instancesFile(source)
    const data = parseJson(file, await readText(file))
    if (typeof data !== 'object' || data === null || !('images' in data) || !('annotations' in data))
      throw new ImportNotThisFormat(file, 'COCO', 'it has no list of images and of annotations')
    const content = checked(file, cocoSchema, data)
    const { images, mediaPath } = await chosenImages(file, content, source)
    const collector = new LabelCollector()
    for (const [key, image] of images) {
      collector.frame(key, () => ({ name: stemOf(image.file_name), number: image.frame_number ?? null }))
    }
    new AnnotationReader(file, content, images, collector).readAll()
    return collector.labels(mediaPath)
  },
}

/** Ids may be numbers or texts; 1 and "1" are not the same. */
function keyOf(id: number | string): string {
  return JSON.stringify(id)
}

class AnnotationReader {
  readonly #file: string
  readonly #content: Coco
  readonly #images: ReadonlyMap<string, Coco['images'][number]>
  readonly #collector: LabelCollector
  readonly #categories: ReadonlyMap<string, string>
  readonly #tracks: ReadonlyMap<string, { name?: string | undefined; color?: string | undefined }>
  /** Objects of a category that have no track id, counted on each image. */
  readonly #counted = new Map<string, number>()

  constructor(
    file: string,
    content: Coco,
    images: ReadonlyMap<string, Coco['images'][number]>,
    collector: LabelCollector,
  ) {
    this.#file = file
    this.#content = content
    this.#images = images
    this.#collector = collector
    this.#categories = new Map(content.categories.map(({ id, name }) => [keyOf(id), name]))
    this.#tracks = new Map((content.tracks ?? []).map((track) => [keyOf(track.id), track]))
  }

  readAll(): void {
    const known = new Set(this.#content.images.map(({ id }) => keyOf(id)))
    for (const [index, annotation] of this.#content.annotations.entries()) {
      const imageKey = keyOf(annotation.image_id)
      const image = this.#images.get(imageKey)
      const what = `annotation ${annotation.id ?? index} of image ${annotation.image_id}`
      if (image === undefined) {
        // Images of other films of the set were left out on purpose.
        if (!known.has(imageKey)) this.#collector.skip(what, 'there is no such image')
        continue
      }
      const mask = this.#maskOf(annotation.segmentation, image, what)
      if (mask === null) continue
      const frame = this.#collector.frame(imageKey, () => ({ name: null, number: null }))
      this.#collector.add(frame, this.#objectOf(annotation, imageKey), mask)
    }
  }

  #objectOf(annotation: Coco['annotations'][number], imageKey: string): number {
    const categoryKey = keyOf(annotation.category_id)
    const className = this.#categories.get(categoryKey) ?? null
    const trackId = annotation.track_id ?? annotation.attributes?.track_id ?? annotation.instance_id ?? null
    if (trackId !== null) {
      const track = this.#tracks.get(keyOf(trackId))
      return this.#collector.object(`track ${keyOf(trackId)}`, () => ({
        name: track?.name ?? className ?? `Object ${trackId}`,
        className,
        colour: track?.color ?? null,
      }))
    }
    this.#collector.lacksIdentities()
    const place = `${imageKey} ${categoryKey}`
    const count = (this.#counted.get(place) ?? 0) + 1
    this.#counted.set(place, count)
    return this.#collector.object(`category ${categoryKey} ${count}`, () => ({
      name: className ?? `category ${annotation.category_id}`,
      className,
    }))
  }

  #maskOf(segmentation: unknown, image: Coco['images'][number], what: string): RunLengthMask | null {
    if (segmentation === undefined || segmentation === null || isEmptyList(segmentation)) {
      this.#collector.skip(what, 'it has a box, but no segmentation')
      return null
    }
    const found = checked(`${this.#file} (${what})`, segmentationSchema, segmentation)
    try {
      if (Array.isArray(found)) return fillPolygons(found, image.height, image.width)
      const [height, width] = found.size
      if (height !== image.height || width !== image.width)
        throw new MaskFormatError(`it has another size than its image`)
      const counts =
        typeof found.counts === 'string'
          ? runLengthCounts({ size: found.size, counts: found.counts })
          : found.counts
      return runLengthFromCounts(counts, height, width)
    } catch (error) {
      if (!(error instanceof MaskFormatError)) throw error
      throw new ImportDamaged(this.#file, `${what}: ${sentenceOf(error)}`, error)
    }
  }
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

/** @throws ImportSourceMissing, ImportNotThisFormat, ImportNeedsSequence */
async function instancesFile({ path, sequence }: ImportSource): Promise<string> {
  if ((await kindOfPath(path)) === 'file') return path
  const annotations = join(path, 'annotations')
  const folder = (await isFolder(annotations)) ? annotations : path
  const names = await filesIn(folder, '.json')
  const instances = names.filter((name) => name.startsWith('instances'))
  const candidates = instances.length > 0 ? instances : names
  if (candidates.length === 0) throw new ImportNotThisFormat(path, 'COCO', 'it has no JSON file')
  if (candidates.length === 1) return join(folder, candidates[0]!)
  const bySequence = new Map(
    candidates.map((name) => [stemOf(name).replace(/^instances_/, ''), join(folder, name)]),
  )
  return chooseSequence(bySequence, sequence)
}

/** The images of the chosen film, or all, and where they lie. */
async function chosenImages(
  file: string,
  { images, videos = [] }: Coco,
  { path, sequence }: ImportSource,
): Promise<{ images: ReadonlyMap<string, Coco['images'][number]>; mediaPath: string | null }> {
  const root = path === file ? rootOf(file) : path
  for (const { file_name } of images) pathWithin(root, file_name)
  let chosen = images
  if (videos.length > 1 && images.some(({ video_id }) => video_id !== undefined && video_id !== null)) {
    const byName = new Map(videos.map(({ id, name }) => [name ?? String(id), id]))
    const videoId = chooseSequence(byName, sequence)
    chosen = images.filter(({ video_id }) => video_id === videoId)
  }
  const folder = chosen[0] === undefined ? null : await pictureFolder(file, root, chosen[0].file_name)
  const isOneFolder =
    new Set(chosen.map(({ file_name }) => dirname(file_name.replaceAll('\\', '/')))).size === 1
  return {
    images: new Map(chosen.map((image) => [keyOf(image.id), image])),
    mediaPath: isOneFolder ? folder : null,
  }
}

function rootOf(file: string): string {
  const folder = dirname(file)
  return basename(folder) === 'annotations' ? dirname(folder) : folder
}

/** Where the pictures of a set lie is not laid down: the usual places, by the first of them. */
async function pictureFolder(file: string, root: string, firstPicture: string): Promise<string | null> {
  const subset = stemOf(file).replace(/^instances_/, '')
  const places = [join('images', subset), 'images', subset, '.', join('JPEGImages', subset)]
  for (const place of places) {
    const picture = pathWithin(root, firstPicture, join(root, place))
    if (await isFile(picture)) return dirname(picture)
  }
  return null
}
