import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Sam2Model } from '../../../../models/sam2/sam2-model.ts'
import { UserFacingError } from '../../../contract/errors.ts'
import { loadModel } from '../../tracking/load-model.ts'
import { batchJobSchema, type BatchJob, type JobContent } from '../jobs/batch-job.ts'
import { modelFile } from '../jobs/job-model.ts'
import { openStore } from '../store/open-store.ts'
import type { ResultStore } from '../store/result-store.ts'
import { contentOf, fetchFile } from '../store/stored-files.ts'
import type { JobProcessSettings, LocalFiles } from './job-messages.ts'
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
}

/** Does jobs one after another and keeps the model between them. */
export class JobBench {
  #loaded: LoadedFor | null = null
  #store: ResultStore | null = null

  /** @throws ZodError for a job that is none, OtherModel, StoredFileMissing, and what `runJob` throws */
  async run(
    unchecked: BatchJob,
    settings: JobProcessSettings,
    here: LocalFiles,
    onProgress: (stepsDone: number, stepCount: number) => void,
  ): Promise<'made' | 'there'> {
    const job = batchJobSchema.parse(unchecked)
    const store = (this.#store ??= await openStore(settings.store))
    await mkdir(settings.workFolder, { recursive: true })
    const { sha256, fileName } = job.content.video
    const isHere = here.videoPath !== null && basename(here.videoPath) === fileName
    const videoPath = isHere
      ? here.videoPath
      : await fetchFile(store, sha256, join(settings.workFolder, 'videos', sha256), fileName)
    const model = await this.#modelFor(job.content, settings, store, here.checkpointPath)
    const { workFolder, spanSteps } = settings
    return runJob({ store, job, model, videoPath, workFolder, spanSteps, onProgress })
  }

  async #modelFor(
    { model, sizePx }: JobContent,
    settings: JobProcessSettings,
    store: ResultStore,
    checkpointPath: string | null,
  ): Promise<Sam2Model> {
    const { device, threads, workFolder } = settings
    const key = JSON.stringify([model.sha256, sizePx, device, threads])
    if (this.#loaded?.key === key) return this.#loaded.model
    await this.#loaded?.model.dispose()
    this.#loaded = null
    const path = model.isOwn
      ? (checkpointPath ??
        (await fetchFile(store, model.sha256, join(workFolder, 'models', model.sha256), model.name)))
      : modelFile(model.name)
    if ((await contentOf(path)).sha256 !== model.sha256) throw new OtherModel(model.name)
    const loaded = await loadModel({
      model: model.isOwn ? path : model.name,
      device,
      ...(sizePx === null ? {} : { imageSize: sizePx }),
      ...(threads === null ? {} : { threads }),
    })
    this.#loaded = { key, model: loaded.model }
    return loaded.model
  }
}
