import { basename, dirname, join } from 'node:path'
import { chooseSequence } from '../choose-sequence.ts'
import { readFrameList } from '../frame-list.ts'
import { ImportNotThisFormat } from '../import-errors.ts'
import type { ImportSource, LabelReader } from '../imported-labels.ts'
import { LabelCollector } from '../label-collector.ts'
import { filesIn, foldersIn, isFolder, kindOfPath } from '../read-source.ts'
import { readLabelFolder } from './label-folder.ts'

/** A film's label pictures. */
export interface AnnotationFolder {
  readonly name: string
  readonly folder: string
  /** Folder that holds `Annotations`. */
  readonly root: string
  /** Folder of the film's pictures; null where there is none. */
  readonly pictures: string | null
}

/** DAVIS: `Annotations/480p/FILM/00000.png` beside `JPEGImages/480p/FILM/00000.jpg`. */
export const davis: LabelReader = {
  async detect(path) {
    return (await annotationFolders(path)).size > 0
  },
  async read(source) {
    const film = await annotationFolder(source, 'DAVIS')
    const collector = new LabelCollector()
    const frames = await readFrameList(film.root)
    await readLabelFolder(collector, {
      ...{ folder: film.folder, frames },
      describe: (label) => ({ name: `Object ${label}` }),
    })
    return collector.labels(film.pictures)
  },
}

/** @throws ImportSourceMissing, ImportNotThisFormat, ImportNeedsSequence */
export async function annotationFolder(
  { path, sequence }: ImportSource,
  format: string,
): Promise<AnnotationFolder> {
  if ((await kindOfPath(path)) === 'file')
    throw new ImportNotThisFormat(path, format, 'it is a file, not a folder')
  const folders = await annotationFolders(path)
  if (folders.size === 0) throw new ImportNotThisFormat(path, format, 'it has no PNG files under Annotations')
  return chooseSequence(folders, sequence)
}

/** All films by name, wherever in the layout the path points: the set, its annotations, one film. */
async function annotationFolders(path: string): Promise<Map<string, AnnotationFolder>> {
  const folders = new Map<string, AnnotationFolder>()
  if (!(await isFolder(path))) return folders
  for (const { annotations, root } of await annotationRoots(path)) {
    if ((await filesIn(annotations, '.png')).length > 0) {
      const name = basename(annotations)
      folders.set(name, { name, folder: annotations, root, pictures: await picturesFor(annotations) })
      continue
    }
    for (const name of await foldersIn(annotations)) {
      const folder = join(annotations, name)
      if ((await filesIn(folder, '.png')).length > 0) {
        folders.set(name, { name, folder, root, pictures: await picturesFor(folder) })
        continue
      }
      // A folder for each size, `480p` and `Full-Resolution`: the first that has its pictures counts.
      for (const film of await foldersIn(folder)) {
        const inner = join(folder, film)
        const known = folders.get(film)
        if ((known !== undefined && known.pictures !== null) || (await filesIn(inner, '.png')).length === 0)
          continue
        folders.set(film, { name: film, folder: inner, root, pictures: await picturesFor(inner) })
      }
    }
  }
  return folders
}

async function annotationRoots(path: string): Promise<{ annotations: string; root: string }[]> {
  if (await isFolder(join(path, 'Annotations')))
    return [{ annotations: join(path, 'Annotations'), root: path }]
  const parts = path.split(/[/\\]/)
  const isWithin = parts.lastIndexOf('Annotations')
  if (isWithin > 0) return [{ annotations: path, root: parts.slice(0, isWithin).join('/') }]
  if ((await filesIn(path, '.png')).length > 0) return [{ annotations: path, root: dirname(path) }]
  // A set with splits: `train`, `valid`.
  const roots: { annotations: string; root: string }[] = []
  for (const split of await foldersIn(path)) {
    const annotations = join(path, split, 'Annotations')
    if (await isFolder(annotations)) roots.push({ annotations, root: join(path, split) })
  }
  return roots
}

async function picturesFor(annotations: string): Promise<string | null> {
  const pictures = annotations.replace(/Annotations(?=[/\\][^/\\]*(?:[/\\][^/\\]*)?$)/, 'JPEGImages')
  return pictures !== annotations && (await isFolder(pictures)) ? pictures : null
}
