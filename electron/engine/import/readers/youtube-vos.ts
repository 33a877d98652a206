import { join } from 'node:path'
import { z } from 'zod'
import { LIMITS } from '../../../contract/limits.ts'
import { readFrameList } from '../frame-list.ts'
import type { LabelReader } from '../imported-labels.ts'
import { LabelCollector } from '../label-collector.ts'
import { isFile, readJson } from '../read-source.ts'
import { annotationFolder, davis } from './davis.ts'
import { readLabelFolder } from './label-folder.ts'

const metaSchema = z.object({
  videos: z.record(
    z.string().max(LIMITS.textLength),
    z.object({
      objects: z.record(
        z.string().regex(/^\d{1,9}$/, 'must be a number'),
        z.object({ category: z.string().optional() }),
      ),
    }),
  ),
})

/** YouTube-VOS and MOSE: `Annotations/FILM/00000.png` and `meta.json`, which names the objects' classes. */
export const youtubeVos: LabelReader = {
  async detect(path) {
    return (await davis.detect(path)) && (await isFile(join(path, 'meta.json')))
  },
  async read(source) {
    const film = await annotationFolder(source, 'YouTube-VOS')
    const collector = new LabelCollector()
    const frames = await readFrameList(film.root)
    const categories = await readCategories(collector, film.root, film.name)
    await readLabelFolder(collector, {
      ...{ folder: film.folder, frames },
      describe(label) {
        const className = categories.get(label) ?? null
        return { name: className ?? `Object ${label}`, className }
      },
    })
    return collector.labels(film.pictures)
  },
}

async function readCategories(
  collector: LabelCollector,
  root: string,
  film: string,
): Promise<ReadonlyMap<number, string>> {
  const path = join(root, 'meta.json')
  if (!(await isFile(path))) {
    collector.skip('classes', 'meta.json is not there')
    return new Map()
  }
  const { videos } = await readJson(path, metaSchema)
  const found = Object.hasOwn(videos, film) ? videos[film] : undefined
  if (found === undefined) collector.skip('classes', `meta.json does not speak of ${film}`)
  return new Map(
    Object.entries(found?.objects ?? {}).flatMap(([label, { category }]) =>
      category === undefined ? [] : [[Number(label), category] as const],
    ),
  )
}
