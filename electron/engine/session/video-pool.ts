import { stat } from 'node:fs/promises'
import type { ProjectStore } from '../project/project-store.ts'
import type { VideoFile } from '../project/stored-records.ts'
import { UnknownRecordError } from '../project/project-errors.ts'
import { locateVideo } from '../project/video-location.ts'
import type { MediaTools } from '../video/media-tools.ts'
import { openVideo } from '../video/open-video.ts'
import type { VideoSource } from '../video/video-source.ts'
import { VideoChanged, VideoNotFound } from './engine-errors.ts'

/** Videos that stay open at once; those used least lately are closed. */
const OPEN_VIDEOS = 8

export interface VideoPoolOptions {
  readonly store: ProjectStore
  tools(): Promise<MediaTools>
  /** Bytes of decoded frames that each video keeps. */
  cacheBytes(): number
}

interface OpenedVideo {
  readonly source: VideoSource
  /** Which file lay there when it was opened, and how it was left; null for a folder of images. */
  readonly mark: string | null
}

/** The project's videos, opened when they are first looked at, and anew when their files were replaced. */
export class VideoPool {
  readonly #options: VideoPoolOptions
  /** By content, least recently used first. */
  readonly #open = new Map<string, Promise<OpenedVideo>>()
  /** Files that are looked at before they are in the project, by content. */
  readonly #guests = new Map<string, VideoFile>()
  #closed = false

  constructor(options: VideoPoolOptions) {
    this.#options = options
  }

  file(videoId: number): VideoFile {
    const file = this.#options.store.records.get('videoFiles', videoId)
    if (file === undefined) throw new UnknownRecordError('video')
    return file
  }

  /** @throws UnknownRecordError, VideoNotFound, VideoChanged, and what opening throws */
  get(videoId: number): Promise<VideoSource> {
    return this.#use(this.file(videoId))
  }

  /** @throws as `get` */
  ofContent(contentId: string): Promise<VideoSource> {
    const file =
      this.#guests.get(contentId) ??
      [...this.#options.store.records.all('videoFiles')].find((known) => known.contentId === contentId)
    if (file === undefined) return Promise.reject(new UnknownRecordError('video'))
    return this.#use(file)
  }

  /** Opens a file that may become one of the project's. */
  async open(path: string, signal?: AbortSignal): Promise<VideoSource> {
    const [tools, cacheBytes] = [await this.#options.tools(), this.#options.cacheBytes()]
    return openVideo(path, { tools, cacheBytes, ...(signal ? { signal } : {}) })
  }

  /** Lets `ofContent` find a file that is not one of the project's, or not yet; its id is none of the project's. */
  welcome(file: VideoFile): void {
    this.#guests.set(file.contentId, file)
  }

  /** Takes over a source that was opened to be described. One of the same content goes on, since it may be decoding. */
  keep(contentId: string, source: VideoSource): void {
    if (this.#open.has(contentId)) source.close().catch(() => {})
    else this.#open.set(contentId, opened(source))
    this.#closeOldest()
  }

  /** After a video was pointed to another file. */
  drop(contentId: string): void {
    const known = this.#open.get(contentId)
    this.#open.delete(contentId)
    if (known !== undefined) closeQuietly(known)
  }

  async close(): Promise<void> {
    this.#closed = true
    const videos = [...this.#open.values()]
    this.#open.clear()
    await Promise.all(videos.map((video) => video.then(({ source }) => source.close()).catch(() => {})))
  }

  async #use(file: VideoFile): Promise<VideoSource> {
    const { contentId } = file
    await this.#dropReplaced(file)
    const known = this.#open.get(contentId)
    this.#open.delete(contentId)
    const video = known ?? this.#openFile(file)
    this.#open.set(contentId, video)
    video.catch(() => {
      if (this.#open.get(contentId) === video) this.#open.delete(contentId)
    })
    this.#closeOldest()
    return (await video).source
  }

  /** A decoder that starts later reads what has the name by then: lets go of a file that is not the labelled one any more. */
  async #dropReplaced(file: VideoFile): Promise<void> {
    const { contentId } = file
    const known = this.#open.get(contentId)
    const video = await known?.catch(() => undefined)
    if (known === undefined || video === undefined || video.mark === null) return
    const { source } = video
    const mark = await markOf(source.path)
    if (mark === video.mark) return
    const { link, path } = await locateVideo(this.#options.store.folder, file)
    if (this.#open.get(contentId) !== known) return
    if (link === 'linked' && path === source.path)
      this.#open.set(contentId, Promise.resolve({ source, mark }))
    else this.drop(contentId)
  }

  async #openFile(file: VideoFile): Promise<OpenedVideo> {
    const { store } = this.#options
    const name = store.records.get('videos', file.id)?.name ?? 'the video'
    const { link, path } = await locateVideo(store.folder, file)
    if (!this.#closed) store.setVideoLink(file.id, link)
    if (link === 'missing') throw new VideoNotFound(name)
    if (link === 'changed') throw new VideoChanged(name)
    const mark = await markOf(path)
    const source = await this.open(path)
    const fits =
      source.widthPx === file.widthPx &&
      source.heightPx === file.heightPx &&
      source.frameCount === file.frameCount
    if (fits && !this.#closed) return { source, mark }
    await source.close()
    throw new VideoChanged(name)
  }

  #closeOldest(): void {
    for (const [oldest, video] of this.#open) {
      if (this.#open.size <= OPEN_VIDEOS) return
      this.#open.delete(oldest)
      closeQuietly(video)
    }
  }
}

function closeQuietly(video: Promise<OpenedVideo>): void {
  video.then(({ source }) => source.close()).catch(() => {})
}

async function opened(source: VideoSource): Promise<OpenedVideo> {
  return { source, mark: await markOf(source.path) }
}

/** null for a folder, whose pictures are files of their own, and where nothing is. */
async function markOf(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null)
  if (found === null || found.isDirectory()) return null
  return [found.dev, found.ino, found.size, found.mtimeNs].join(':')
}
