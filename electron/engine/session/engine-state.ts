import { join } from 'node:path'
import type { EngineSurroundings } from '../../contract/engine-surroundings.ts'
import type { EventPayload } from '../../contract/events.ts'
import type { SettingsPlaces } from '../../contract/settings.ts'
import { toFailure } from '../../contract/failure.ts'
import { UserFacingError } from '../../contract/errors.ts'
import { failureSentence } from '../failure-sentence.ts'
import { QueueDesk } from '../batch/studio/queue-desk.ts'
import { PictureDesk } from '../frames/picture-desk.ts'
import { ThumbnailFiles } from '../frames/thumbnail-files.ts'
import { DeviceMemory } from '../devices/device-memory.ts'
import { runtimeDevice } from '../models/device-desk.ts'
import { ModelShelf } from '../models/model-shelf.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { Inference } from '../tracking/inference.ts'
import type { TrackerModel } from '../tracking/tracker-protocol.ts'
import { findMediaTools, type MediaTools } from '../video/media-tools.ts'
import { NoProjectOpen } from './engine-errors.ts'
import { EncodingNews } from './encoding-news.ts'
import { FileGrants } from './file-grants.ts'
import { ProjectSession } from './project-session.ts'
import { ProjectShelf } from './project-shelf.ts'

/** Bytes of thumbnails kept on disk. */
const thumbnailBytes = 256 * 1_048_576
/** Share of the memory budget that features of pictures may take. */
const featureShare = 1 / 8

/** Everything that the engine's commands work with. */
export class EngineState {
  readonly surroundings: EngineSurroundings
  readonly grants = new FileGrants()
  readonly shelf: ProjectShelf
  readonly models: ModelShelf
  readonly inference: Inference
  readonly pictures: PictureDesk
  readonly devices: DeviceMemory
  readonly encodingNews: EncodingNews
  readonly queue: QueueDesk
  readonly #closing = new AbortController()
  #session: ProjectSession | null = null
  #turn: Promise<unknown> = Promise.resolve()

  constructor(surroundings: EngineSurroundings) {
    this.surroundings = surroundings
    const { settings, dataFolder } = surroundings
    const thumbnails = new ThumbnailFiles(join(dataFolder, 'cache', 'thumbnails'), thumbnailBytes)
    void thumbnails.trim()
    this.pictures = new PictureDesk(() => settings.settings.frameCacheBytes / 4, thumbnails)
    this.shelf = new ProjectShelf(
      dataFolder,
      () => {
        const { historySteps, retainedMaskBytes } = settings.settings
        return { historySteps, retainedMaskBytes }
      },
      () => ({ fillOpacity: settings.settings.fillOpacity }),
    )
    this.models = new ModelShelf({
      folder: () => this.modelsFolder,
      usedModelId: () => settings.settings.modelId,
      onProgress: (progress) => {
        surroundings.emit('download.progress', progress)
      },
    })
    this.queue = new QueueDesk(dataFolder)
    this.devices = new DeviceMemory({ folder: dataFolder })
    this.encodingNews = new EncodingNews(surroundings, () => this.#session)
    this.inference = new Inference({
      wantedModel: () => this.wantedModel(),
      picture: (contentId, frameIndex) => this.session.trackerPicture(contentId, frameIndex),
      onFeatures: (contentId, frameIndex, state) => {
        this.encodingNews.tell(contentId, frameIndex, state)
      },
      onLoaded: ({ fallback }) => {
        if (fallback !== null) this.notify('warning', 'ModelFellBackToCpu', fallback)
        if (settings.settings.device === 'auto' && !this.devices.isComplete) this.probeDevices()
      },
      onNotice: (sentence) => {
        this.notify('information', 'ModelRunsOtherwise', sentence)
      },
      onGone: (error) => {
        surroundings.log('error', 'tracker', 'The thread that runs the model ended by itself.', error)
      },
    })
  }

  /** @throws NoProjectOpen */
  get session(): ProjectSession {
    if (this.#session === null) throw new NoProjectOpen()
    return this.#session
  }

  get sessionOrNull(): ProjectSession | null {
    return this.#session
  }

  get modelsFolder(): string {
    return this.surroundings.settings.places.modelsFolder ?? join(this.surroundings.dataFolder, 'models')
  }

  get places(): SettingsPlaces {
    return {
      modelsFolder: this.modelsFolder,
      ffmpegProgram: this.surroundings.settings.places.ffmpegProgram,
    }
  }

  tools(): Promise<MediaTools> {
    const { ffmpegProgram } = this.surroundings.settings.places
    const bundledFolder = join(this.surroundings.resourcesFolder, 'ffmpeg')
    return findMediaTools({ bundledFolder, ...(ffmpegProgram === null ? {} : { ffmpegPath: ffmpegProgram }) })
  }

  /** The model that the settings name, and how it shall run. */
  wantedModel(): TrackerModel {
    const { modelId, inputSizePx, device, precision, memoryBudgetBytes } = this.surroundings.settings.settings
    return {
      model: this.models.nameOrPath(modelId),
      modelsFolder: this.modelsFolder,
      inputSizePx,
      device: runtimeDevice(device, this.devices),
      precision,
      featureBytes: memoryBudgetBytes * featureShare,
    }
  }

  /** Finds out in the background which devices work; the next piece of work then takes the fastest. */
  probeDevices(): void {
    void this.devices.probe({ signal: this.#closing.signal }).then(
      () => {
        this.surroundings.emit('settings.changed', {
          settings: this.surroundings.settings.settings,
          places: this.places,
        })
      },
      (error: unknown) => {
        if (this.#closing.signal.aborted) return
        this.surroundings.log('error', 'devices', 'The devices could not be probed.', error)
      },
    )
  }

  /** Opening, closing and replacing projects happens one after the other. */
  inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }

  /** Puts a project in place of the one that was open. To be called within `inTurn`. */
  async show(store: ProjectStore): Promise<ProjectSession> {
    await this.leave()
    const { surroundings, inference, encodingNews } = this
    const isUnsaved = this.shelf.isUnsaved(store.path)
    const session: ProjectSession = new ProjectSession({
      ...{ store, isUnsaved, surroundings, inference, encodingNews },
      tools: () => this.tools(),
      tellFailure: (error) => {
        // What was given up because its project was closed is no news.
        if (this.#session === session) this.tellFailure(error)
      },
    })
    this.#session = session
    surroundings.projectPathChanged(store.path)
    await surroundings.recent.add(store.path, session.project().name)
    surroundings.emit('project.opened', { project: session.project(), notices: store.notices.slice(0, 100) })
    return session
  }

  /** Closes what is open; within `inTurn`. */
  async leave(): Promise<void> {
    const session = this.#session
    this.#session = null
    await session?.close()
  }

  /** Tells of something that failed while nobody waits for an answer. */
  tellFailure(error: unknown): void {
    const sentence = failureSentence(error)
    if (sentence === null)
      this.surroundings.log('error', 'engine', 'Something failed unexpectedly in the background.', error)
    const said =
      sentence === null || error instanceof UserFacingError
        ? error
        : new UserFacingError('ModelFailed', sentence, { cause: error })
    const { code, message } = toFailure(said)
    this.notify('error', code, message)
  }

  notify(level: EventPayload<'notice'>['level'], code: string, message: string): void {
    this.surroundings.emit('notice', { level, code, message: message.slice(0, 4_096) })
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.models.close()
    await this.queue.close()
    await this.inTurn(() => this.leave())
    await this.inference.close()
  }
}
