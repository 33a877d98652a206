import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { LoadOptions, Sam2Model } from '../../../../models/sam2/sam2-model.ts'
import { UserFacingError } from '../../../contract/errors.ts'
import { loadModel } from '../../tracking/load-model.ts'
import { batchJobSchema, type BatchJob, type JobContent } from '../jobs/batch-job.ts'
import { modelFile } from '../jobs/job-model.ts'
import { openStore } from '../store/open-store.ts'
import type { ResultStore } from '../store/result-store.ts'
import { contentOf, fetchFile } from '../store/stored-files.ts'
import type { JobNews, JobProcessSettings, LocalFiles } from './job-messages.ts'
import { LocalVideo } from './local-video.ts'
import { makeProcessFolder } from './process-folder.ts'
import { runJob } from './run-job.ts'

/** The model on this machine is not the one that the job was made for; its results would be others. */
export class OtherModel extends UserFacingError {
  constructor(name: string) {
    super('other-model', `The model ${name} of this machine is not the one that the job was made with.`)
  }
}

interface LoadedFor {
  readonly key: string
  readonly model: Sam2Model
  /** What the model said of how it runs; it holds for every job that follows, too. */
  readonly notices: string[]
}

/** What came from the store and may be needed for the next job, too. */
type Fetched = 'video' | 'checkpoint'

/**
 * Does jobs one after another and keeps between them the model and what came from the store: one video and one
 * checkpoint, because jobs that share them come one after the other.
 */
export class JobBench {
  #loaded: LoadedFor | null = null
  #store: ResultStore | null = null
  #folder: string | null = null
  /** Of the job at hand. */
  #onNotice: JobNews['onNotice'] = () => {}
  readonly #fetched = new Map<Fetched, string>()
  readonly #openSession: LoadOptions['openSession']

  /** @param openSession as of a model: tests put failing devices in its place */
  constructor(openSession?: LoadOptions['openSession']) {
    this.#openSession = openSession
  }

  /**
   * @throws ZodError for a job that is none, NoSuchModel, ModelNotDownloaded, OtherModel, FileChanged, StoredFileMissing,
   * and what `runJob` throws
   */
  async run(
    unchecked: BatchJob,
    settings: JobProcessSettings,
    here: LocalFiles,
    news: JobNews,
  ): Promise<'made' | 'there'> {
    this.#onNotice = () => {}
    const job = batchJobSchema.parse(unchecked)
    const store = (this.#store ??= await openStore(settings.store))
    const { workFolder, spanSteps } = settings
    const folder = (this.#folder ??= await makeProcessFolder(workFolder))
    const { sha256, fileName } = job.content.video
    // What this machine cannot do is found before a long film is brought here.
    const { model, notices } = await this.#modelFor(job.content, settings, store, folder, here.checkpointPath)
    const isHere = here.videoPath !== null && basename(here.videoPath) === fileName
    const videoPath = isHere ? here.videoPath : await this.#fetch('video', store, folder, sha256, fileName)
    const video = new LocalVideo(videoPath, sha256)
    return runJob({
      store,
      job,
      model,
      video,
      workFolder: folder,
      spanSteps,
      notices,
      onBegin: () => {
        for (const sentence of notices) news.onNotice(sentence)
        this.#onNotice = news.onNotice
      },
      onProgress: news.onProgress,
    })
  }

  /** Brings a file from the store in place of the one before. */
  async #fetch(
    what: Fetched,
    store: ResultStore,
    folder: string,
    sha256: string,
    fileName: string,
  ): Promise<string> {
    const place = join(folder, what)
    if (this.#fetched.get(what) !== sha256) await rm(place, { recursive: true, force: true })
    this.#fetched.set(what, sha256)
    return fetchFile(store, sha256, place, fileName)
  }

  async #modelFor(
    { model, sizePx }: JobContent,
    settings: JobProcessSettings,
    store: ResultStore,
    folder: string,
    checkpointPath: string | null,
  ): Promise<LoadedFor> {
    const { device, threads } = settings
    const key = JSON.stringify([model.sha256, sizePx, device, threads])
    if (this.#loaded?.key === key) return this.#loaded
    await this.#loaded?.model.dispose()
    this.#loaded = null
    const path = model.isOwn
      ? (checkpointPath ?? (await this.#fetch('checkpoint', store, folder, model.sha256, model.name)))
      : await modelFile(model.name)
    if ((await contentOf(path)).sha256 !== model.sha256) throw new OtherModel(model.name)
    const notices: string[] = []
    const { model: loaded } = await loadModel({
      model: model.isOwn ? path : model.name,
      device,
      ...(sizePx === null ? {} : { imageSize: sizePx }),
      ...(threads === null ? {} : { threads }),
      ...(this.#openSession ? { openSession: this.#openSession } : {}),
      onNotice: (sentence) => {
        notices.push(sentence)
        this.#onNotice(sentence)
      },
    })
    this.#loaded = { key, model: loaded, notices }
    return this.#loaded
  }
}
