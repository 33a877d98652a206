import type { ImportFormat } from '../../contract/import-options.ts'
import { cleanName } from '../project/clean-name.ts'
import { requireVideo, requireVideoFile } from '../project/edits/require-records.ts'
import type { ProjectStore } from '../project/project-store.ts'
import type { VideoFile } from '../project/stored-records.ts'
import { locateVideo } from '../project/video-location.ts'
import { describeVideo } from '../session/describe-video.ts'
import { pictureNames } from '../video/image-folder-source.ts'
import type { VideoSource } from '../video/video-source.ts'
import { exportBaseName } from '../export/video-exports.ts'
import { readLabels } from './import-formats.ts'
import { ImportNeedsVideo } from './import-errors.ts'
import { planImport, type ImportPlan, type ImportVideo } from './import-labels.ts'

/** Which video masks are to go onto: one of the project's, a file, or what the data set brings along. */
export type ImportOnto =
  | { readonly kind: 'project'; readonly videoId: number }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'own' }

export interface PrepareImportOptions {
  readonly format: ImportFormat
  readonly path: string
  readonly sequence: string | null
  readonly onto: ImportOnto
  readonly firstFrame: number | null
  /** The project that is imported into; null while there is none yet. */
  readonly store: ProjectStore | null
  /** Where the project lies, or will lie. */
  readonly projectFolder: string
  openVideo(path: string): Promise<VideoSource>
}

/**
 * Reads and checks everything of an import: data set, video, which mask goes where. Nothing is changed yet.
 * @throws as `readLabels` and `planImport`; what opening a video throws
 */
export async function prepareImport(options: PrepareImportOptions): Promise<ImportPlan> {
  const { format, path, sequence, onto, firstFrame, store } = options
  const given = await givenVideo(options)
  const videoSize = given?.file ?? onlyVideo(store)?.file ?? null
  const labels = await readLabels(format, { path, sequence, videoSize })
  const own = given === null && labels.mediaPath !== null ? await videoAt(options, labels.mediaPath) : null
  const video = given ?? own ?? (onto.kind === 'own' ? onlyVideo(store) : null)
  if (video === null) throw new ImportNeedsVideo()
  return planImport({
    labels,
    video,
    pictureNames: await pictureNamesOf(options.projectFolder, video),
    firstFrame,
  })
}

async function givenVideo(options: PrepareImportOptions): Promise<ImportVideo | null> {
  const { onto, store } = options
  switch (onto.kind) {
    case 'own':
      return null
    case 'file':
      return videoAt(options, onto.path)
    case 'project':
      return store === null ? null : knownVideo(store, onto.videoId)
  }
}

function knownVideo(store: ProjectStore, videoId: number): ImportVideo {
  requireVideo(store.records, videoId)
  return { kind: 'known', videoId, file: requireVideoFile(store.records, videoId) }
}

function onlyVideo(store: ProjectStore | null): ImportVideo | null {
  const videos = store === null ? [] : [...store.records.all('videos')]
  return store === null || videos.length !== 1 ? null : knownVideo(store, videos[0]!.id)
}

/** A film or folder of pictures: the project's, where it has the same content already. */
async function videoAt(options: PrepareImportOptions, path: string): Promise<ImportVideo> {
  const { store, projectFolder } = options
  const source = await options.openVideo(path)
  try {
    const file = await describeVideo(source, projectFolder)
    const known = [...(store?.records.all('videoFiles') ?? [])].find(
      ({ id, contentId }) => contentId === file.contentId && store!.records.get('videos', id) !== undefined,
    )
    if (known !== undefined) return knownVideo(store!, known.id)
    return { kind: 'new', name: cleanName(exportBaseName(path), 'Video'), file }
  } finally {
    await source.close()
  }
}

async function pictureNamesOf(projectFolder: string, { file }: ImportVideo): Promise<string[] | null> {
  if (file.kind !== 'images') return null
  const described: VideoFile = { ...file, id: 1 }
  const { link, path } = await locateVideo(projectFolder, described)
  return link === 'linked' ? pictureNames(path) : null
}
