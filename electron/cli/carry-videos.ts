import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { CarryHit } from '../contract/carry.ts'
import { LIMITS } from '../contract/limits.ts'
import { addVideos } from '../engine/project/edits/video-edits.ts'
import { requireVideoFile } from '../engine/project/edits/require-records.ts'
import type { ProjectStore } from '../engine/project/project-store.ts'
import type { VideoFile } from '../engine/project/stored-records.ts'
import { videoPathFrom } from '../engine/project/video-location.ts'
import { describeVideo } from '../engine/session/describe-video.ts'
import { projectNameOf } from '../engine/session/project-shelf.ts'
import type { ProjectWork } from '../engine/session/project-work.ts'
import { ProgressLine, type ProgressUnit } from './progress-line.ts'
import { UsageError } from './usage-error.ts'

/** Videos that are searched, each once. One that is not in the project yet has an id below 0 until it is added. */
export interface SearchedVideos {
  readonly files: readonly VideoFile[]
  readonly names: ReadonlyMap<number, string>
}

const videosOpened: ProgressUnit = {
  amount: (done, total) => `${done}/${total} videos opened`,
  rate: (perSecond) => `${perSecond.toFixed(1)} videos/s`,
}

/**
 * Videos of the project by name or file, and files that are not in it. Nothing is added.
 * @throws UsageError, what opening a video throws, the signal's reason
 */
export async function findVideos(
  texts: readonly string[],
  { store, videos }: ProjectWork,
  signal: AbortSignal,
): Promise<SearchedVideos> {
  const files = new Map<string, VideoFile>()
  const names = new Map<number, string>()
  const search = (file: VideoFile, name: string): void => {
    if (files.has(file.contentId)) return
    files.set(file.contentId, file)
    names.set(file.id, name)
  }
  const inProject = [...store.records.all('videos')]
  const paths = new Set<string>()
  for (const text of new Set(texts)) {
    const named = inProject.filter(({ name }) => name === text)
    if (named.length > 1)
      throw new UsageError(`There are ${named.length} videos named "${text}": name its file.`)
    if (named[0] !== undefined) search(requireVideoFile(store.records, named[0].id), named[0].name)
    else if (existsSync(text)) paths.add(resolve(text))
    else throw new UsageError(`"${text}" is neither a file nor a video of the project.`)
  }
  requireRoom(store, paths)
  const progress = new ProgressLine(process.stderr, () => performance.now(), videosOpened)
  try {
    let opened = 0
    for (const path of paths) {
      const source = await videos.open(path, signal)
      const described = await describeVideo(source, store.folder).finally(() => source.close())
      const known = inProject
        .map(({ id, name }) => ({ name, file: requireVideoFile(store.records, id) }))
        .find(({ file }) => file.contentId === described.contentId)
      if (known) search(known.file, known.name)
      else if (!files.has(described.contentId)) {
        const file = { ...described, id: -(files.size + 1) }
        videos.welcome(file)
        search(file, projectNameOf(path))
      }
      if (paths.size > 1) progress.update(++opened, paths.size)
    }
  } finally {
    progress.end()
  }
  return { files: [...files.values()], names }
}

/** Before the first of them is opened, which may take long. */
function requireRoom({ records, folder }: ProjectStore, paths: ReadonlySet<string>): void {
  const files = [...records.all('videos')].map(({ id }) => requireVideoFile(records, id))
  const known = new Set(files.map(({ relativePath }) => videoPathFrom(folder, relativePath)))
  const more = [...paths].filter((path) => !known.has(path)).length
  if (files.length + more > LIMITS.videos)
    throw new UsageError(
      `A project holds ${LIMITS.videos} videos at most: this one has ${files.length}, and ${more} more are named.`,
    )
}

/**
 * Puts the files of hits into the project that are not in it, as one step; the other searched files stay outside.
 * @returns the hits with the videos' ids there
 */
export function addVideosOfHits(
  store: ProjectStore,
  { files, names }: SearchedVideos,
  hits: readonly CarryHit[],
): CarryHit[] {
  const hit = new Set(hits.map(({ videoId }) => videoId))
  const added = files.filter(({ id }) => id < 0 && hit.has(id))
  if (added.length === 0) return [...hits]
  const { videoIds } = addVideos(
    store,
    added.map(({ id, ...file }) => ({ name: names.get(id)!, file })),
  )
  const idOf = new Map(added.map(({ id }, index) => [id, videoIds[index]!]))
  return hits.map((hit) => ({ ...hit, videoId: idOf.get(hit.videoId) ?? hit.videoId }))
}
