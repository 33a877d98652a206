import type { Mark } from '../../../contract/history.ts'
import { LIMITS } from '../../../contract/limits.ts'
import type { Markers } from '../../../contract/project.ts'
import type { Draft } from '../draft.ts'
import { InvalidEditError } from '../project-errors.ts'
import type { ProjectStore } from '../project-store.ts'
import type { VideoFile } from '../stored-records.ts'
import { requireFrame, requireVideo, requireVideoFile } from './require-records.ts'
import { lastPlace, reorder } from './sort-order.ts'

/** Collections that hold what belongs to a video, apart from the video itself. */
const BELONGINGS = ['prompts', 'alternativeChoices', 'presence', 'shots', 'spans', 'versions'] as const

/** A video whose file was described. */
export interface NewVideo {
  readonly name: string
  readonly file: Omit<VideoFile, 'id'>
}

/** Adds a video within an edit. @returns its id */
export function putVideo(draft: Draft, { name, file }: NewVideo): number {
  if (draft.all('videos').length >= LIMITS.videos) {
    throw new InvalidEditError(`A project holds ${String(LIMITS.videos)} videos at most.`)
  }
  const id = draft.newId()
  const markers = { inFrame: null, outFrame: null }
  draft.put('videos', { id, name, sortOrder: lastPlace(draft, 'videos'), markers })
  draft.put('videoFiles', { ...file, id })
  return id
}

/** Adds the video that a new project is made around: no undo takes it away. @returns its id */
export function addFirstVideo(store: ProjectStore, video: NewVideo): number {
  let videoId = 0
  store.editOutsideHistory((draft) => {
    videoId = putVideo(draft, video)
  })
  return videoId
}

/** Adds videos; one step however many. */
export function addVideos(
  store: ProjectStore,
  videos: readonly NewVideo[],
  mark?: Mark,
): { revision: number; videoIds: number[] } {
  const subject = videos.map(({ name }) => name).join(', ')
  const options = { action: 'video.add', subject: subject.slice(0, LIMITS.nameLength), mark }
  const { revision, value } = store.edit(options, ({ draft }) => {
    return videos.map((video) => putVideo(draft, video))
  })
  return { revision, videoIds: value }
}

export function renameVideo(store: ProjectStore, videoId: number, name: string, mark?: Mark): number {
  return store.edit({ action: 'video.rename', subject: name, mark }, ({ draft }) => {
    draft.put('videos', { ...requireVideo(draft, videoId), name })
  }).revision
}

/** `videoIds` names every video once, in its new order. */
export function reorderVideos(store: ProjectStore, videoIds: readonly number[], mark?: Mark): number {
  return store.edit({ action: 'video.reorder', mark }, ({ draft }) => {
    reorder(draft, 'videos', videoIds)
  }).revision
}

/** Takes a video out with all that belongs to it; the file on disk stays, and what is known of it for undo. */
export function removeVideo(store: ProjectStore, videoId: number, mark?: Mark): number {
  const subject = store.records.get('videos', videoId)?.name ?? null
  return store.edit({ action: 'video.remove', subject, mark }, ({ draft }) => {
    requireVideo(draft, videoId)
    for (const name of BELONGINGS) {
      for (const record of draft.all(name)) if (record.videoId === videoId) draft.remove(name, record.id)
    }
    draft.remove('videos', videoId)
  }).revision
}

/**
 * Points a video at another file. It must have the same picture size and frame count, or masks would not fit. Not part
 * of the history.
 */
export function relinkVideo(store: ProjectStore, videoId: number, file: Omit<VideoFile, 'id'>): number {
  return store.edit({ action: 'video.relink' }, ({ draft }) => {
    const known = requireVideoFile(draft, videoId)
    const fits =
      known.widthPx === file.widthPx &&
      known.heightPx === file.heightPx &&
      known.frameCount === file.frameCount
    if (!fits) {
      throw new InvalidEditError(
        `This file does not fit: it has ${words(file)}, the labelled video has ${words(known)}.`,
      )
    }
    draft.put('videoFiles', { ...file, id: videoId })
  }).revision
}

function words({ widthPx, heightPx, frameCount }: Omit<VideoFile, 'id'>): string {
  return `${String(widthPx)} × ${String(heightPx)} pixels and ${String(frameCount)} frames`
}

export function setMarkers(store: ProjectStore, videoId: number, markers: Markers, mark?: Mark): number {
  return store.edit({ action: 'markers.set', mark }, ({ draft }) => {
    const frames = [markers.inFrame, markers.outFrame].filter((frame) => frame !== null)
    requireFrame(draft, videoId, ...frames)
    draft.put('videos', { ...requireVideo(draft, videoId), markers })
  }).revision
}

export function renameProject(store: ProjectStore, name: string, mark?: Mark): number {
  return store.edit({ action: 'project.rename', subject: name, mark }, ({ draft }) => {
    draft.put('properties', { id: 1, name })
  }).revision
}
