import type { Device } from '../../../models/runtime/session.ts'
import { DEFAULT_SETTINGS } from '../../contract/settings.ts'
import type { TrackRun } from '../../contract/tracking.ts'
import { requireRun } from '../project/edits/require-records.ts'
import { isRunEnded } from '../project/edits/run-edits.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { RunConductor } from '../runs/run-conductor.ts'
import type { RunPictures } from '../runs/run-pictures.ts'
import { VideoPool } from './video-pool.ts'
import type { TrackingOptions } from '../tracking/tracking-options.ts'
import { Inference } from '../tracking/inference.ts'
import { findMediaTools } from '../video/media-tools.ts'
import { modelFolder } from '../../../models/zoo/data-folder.ts'

const cachedFrameBytes = 64 * 1_048_576

export interface WorkOptions {
  readonly model: string
  readonly imageSize: number
  readonly device: Device
  readonly precision: 'auto' | 'fp32'
  readonly tracking: TrackingOptions
  /** The model does not run as it was asked to: a sentence for the person. */
  onNotice(sentence: string): void
}

/** A project with a model and its videos, for what tracks in it without a studio. */
export class ProjectWork {
  readonly store: ProjectStore
  readonly videos: VideoPool
  readonly inference: Inference
  readonly runs: RunConductor
  readonly #walked = new Map<string, RunPictures>()
  readonly #options: WorkOptions
  #failure: unknown = null
  #onProgress: () => void = () => {}

  static async of(store: ProjectStore, options: WorkOptions): Promise<ProjectWork> {
    const tools = await findMediaTools()
    return new ProjectWork(
      store,
      new VideoPool({ store, tools: async () => tools, cacheBytes: () => cachedFrameBytes }),
      options,
    )
  }

  private constructor(store: ProjectStore, videos: VideoPool, options: WorkOptions) {
    this.store = store
    this.videos = videos
    this.#options = options
    this.inference = new Inference({
      wantedModel: () => ({
        model: options.model,
        modelsFolder: modelFolder(),
        inputSizePx: options.imageSize,
        device: options.device,
        precision: options.precision,
        featureBytes: DEFAULT_SETTINGS.memoryBudgetBytes / 8,
      }),
      picture: (contentId, frameIndex) => this.#picture(contentId, frameIndex),
      onFeatures: () => {},
      onLoaded: ({ fallback }) => {
        if (fallback !== null) options.onNotice(fallback)
      },
      onNotice: (sentence) => {
        options.onNotice(sentence)
      },
      onGone: () => {},
    })
    this.runs = new RunConductor({
      ...{ store, inference: this.inference },
      video: (videoId) => videos.get(videoId),
      supplyPictures: (contentId, pictures) => {
        if (pictures === null) this.#walked.delete(contentId)
        else this.#walked.set(contentId, pictures)
      },
      onMasks: () => {},
      onProgress: () => {
        this.#onProgress()
      },
      onLookAlike: () => {},
      onFailure: (error) => {
        this.#failure ??= error
      },
      tracking: () => options.tracking,
      modelName: () => this.modelName,
    })
  }

  get modelName(): string {
    return this.inference.loaded?.name ?? this.#options.model
  }

  /**
   * Starts runs and waits until all of them are over. A signal ends them so that they can be resumed.
   * @throws what made a run fail
   */
  async finishRuns(
    start: () => readonly number[],
    onProgress: (framesDone: number, framesTotal: number) => void,
    signal: AbortSignal,
  ): Promise<TrackRun[]> {
    const runIds = start()
    const runsNow = (): TrackRun[] => runIds.map((runId) => requireRun(this.store.records, runId))
    const sum = (of: (run: TrackRun) => number): number =>
      runsNow().reduce((total, run) => total + of(run), 0)
    await new Promise<void>((resolve) => {
      const look = (): void => {
        onProgress(
          sum(({ framesDone }) => framesDone),
          sum(({ framesTotal }) => framesTotal),
        )
        if (signal.aborted || runsNow().every(isRunEnded)) resolve()
      }
      this.#onProgress = look
      signal.addEventListener('abort', look, { once: true })
      look()
    })
    if (this.#failure !== null && !signal.aborted) throw this.#failure
    return runsNow()
  }

  async close(): Promise<void> {
    await this.runs.close()
    await this.inference.close()
    await this.videos.close()
  }

  async #picture(contentId: string, frameIndex: number): Promise<Uint8Array> {
    const walked = await this.#walked.get(contentId)?.current(frameIndex)
    if (walked) return walked.rgb
    const video = await this.videos.ofContent(contentId)
    return (await video.frameAt(frameIndex)).rgb
  }
}
