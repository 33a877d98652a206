import type { EngineSurroundings } from '../../contract/engine-surroundings.ts'
import type { Project } from '../../contract/project.ts'
import type { FrameMask } from '../../contract/tracking.ts'
import { CarryDesk } from '../carry/carry-desk.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { RunConductor } from '../runs/run-conductor.ts'
import type { RunPictures } from '../runs/run-pictures.ts'
import { promptRulesOf, trackingOptionsOf } from '../tracking/tracking-options.ts'
import type { Inference } from '../tracking/inference.ts'
import type { MediaTools } from '../video/media-tools.ts'
import type { EncodingNews, WatchedVideos } from './encoding-news.ts'
import { ExportDesk } from './export-desk.ts'
import { meetingNotice } from './meeting-notice.ts'
import { PromptAnswers } from './prompt-answers.ts'
import { ShownMasks } from './shown-masks.ts'
import { VideoPool } from './video-pool.ts'

export interface SessionOptions {
  readonly store: ProjectStore
  /** It lives in the app's own folder until it is saved as. */
  readonly isUnsaved: boolean
  readonly surroundings: EngineSurroundings
  readonly inference: Inference
  tools(): Promise<MediaTools>
  readonly encodingNews: EncodingNews
  /** Something failed while nobody waits for an answer. */
  tellFailure(error: unknown): void
}

/** An open project with all that works on it. */
export class ProjectSession implements WatchedVideos {
  readonly store: ProjectStore
  readonly isUnsaved: boolean
  readonly videos: VideoPool
  readonly masks: ShownMasks
  readonly prompts: PromptAnswers
  readonly runs: RunConductor
  readonly carrying: CarryDesk
  readonly exports: ExportDesk
  readonly #surroundings: EngineSurroundings
  readonly #runPictures = new Map<string, RunPictures>()

  constructor(options: SessionOptions) {
    const { store, surroundings, inference, encodingNews, tools, tellFailure } = options
    const { settings } = surroundings
    this.store = store
    this.isUnsaved = options.isUnsaved
    this.#surroundings = surroundings
    this.videos = new VideoPool({
      store,
      tools,
      // A project with several videos looks at one or two of them at a time.
      cacheBytes: () => settings.settings.frameCacheBytes / 4,
    })
    this.masks = new ShownMasks(store, () => settings.settings.inputSizePx)
    this.prompts = new PromptAnswers({
      store,
      inference,
      modelName: () => settings.settings.modelId,
      rules: () => promptRulesOf(trackingOptionsOf(settings.settings)),
      onExpect: (contentId, frameIndex) => {
        encodingNews.expect(contentId, frameIndex)
      },
      onGiveUp: (contentId, frameIndex) => {
        encodingNews.giveUp(contentId, frameIndex)
      },
      onStored: (mask, revision) => this.#tellMasks([mask], revision)[0]!,
      onFailure: tellFailure,
    })
    this.runs = new RunConductor({
      store,
      inference,
      video: (videoId) => this.videos.get(videoId),
      supplyPictures: (contentId, pictures) => {
        if (pictures === null) this.#runPictures.delete(contentId)
        else this.#runPictures.set(contentId, pictures)
      },
      onMasks: (masks, revision) => this.#tellMasks(masks, revision),
      onProgress: (progress) => {
        surroundings.emit('track.progress', progress)
      },
      onLookAlike: (meeting) => {
        surroundings.emit('notice', meetingNotice(store.records, meeting))
      },
      onFailure: tellFailure,
      modelName: () => inference.loaded?.name ?? settings.settings.modelId,
      tracking: () => trackingOptionsOf(settings.settings),
    })
    this.carrying = new CarryDesk({
      ...{ store, inference, runs: this.runs },
      modelName: () => settings.settings.modelId,
      onProgress: (progress) => {
        surroundings.emit('carry.progress', progress)
      },
      onDefect: (error) => {
        surroundings.log('error', 'carry', 'A search in other videos failed unexpectedly.', error)
      },
    })
    this.exports = new ExportDesk({
      ...{ store, tools, videos: this.videos },
      inputSizePx: () => settings.settings.inputSizePx,
      onProgress: (progress) => {
        surroundings.emit('export.progress', progress)
      },
      offerFile: (path) => surroundings.offerFile(path),
      onDefect: (error) => {
        surroundings.log('error', 'export', 'An export failed unexpectedly.', error)
      },
    })
    store.onChange((change) => {
      surroundings.emit('project.changed', change)
      surroundings.emit('save.status', { state: 'saved', revision: change.revision, message: null })
    })
    store.onDamage(() => {
      surroundings.emit('notice', {
        level: 'error',
        code: 'ProjectDamaged',
        message:
          'A part of the project file cannot be read. Close the project and open it again: what is whole will be kept.',
      })
    })
  }

  project(): Project {
    const project = this.store.project()
    return this.isUnsaved ? { ...project, fileName: null } : project
  }

  videoIds(contentId: string): number[] {
    return [...this.store.records.all('videoFiles')]
      .filter((file) => file.contentId === contentId)
      .map(({ id }) => id)
  }

  /** Whether a run is at this video now. */
  isWalking(contentId: string): boolean {
    return this.#runPictures.has(contentId)
  }

  /** A frame for the tracker thread: from a run's own decoder where one is at it, else from the frames looked at. */
  async trackerPicture(contentId: string, frameIndex: number): Promise<Uint8Array> {
    const walked = await this.#runPictures.get(contentId)?.current(frameIndex)
    if (walked) return walked.rgb
    const video = await this.videos.ofContent(contentId)
    return (await video.frameAt(frameIndex)).rgb
  }

  /** Stops what runs and lets go of the file. Everything acknowledged is on disk already. */
  async close(): Promise<void> {
    // Both are told at once: from now on they ask in vain for what they work with.
    await Promise.all([this.carrying.close(), this.runs.close()])
    await this.exports.close()
    await this.videos.close()
    this.store.close()
  }

  #tellMasks(masks: FrameMask[], revision: number): FrameMask[] {
    const shown = masks.map((mask) => this.masks.shown(mask))
    this.#surroundings.emit('masks.updated', { revision, masks: shown })
    return shown
  }
}
