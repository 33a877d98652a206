import { basename, resolve } from 'node:path'
import { stat } from 'node:fs/promises'
import { UserFacingError } from '../../../contract/errors.ts'
import { safeFileName } from '../../export/file-names.ts'
import { VideoFileMissing } from '../../video/video-errors.ts'
import type { FrameRange } from '../../video/video-source.ts'
import type { LocalFiles } from '../run/job-messages.ts'
import { FileChanged } from '../run/local-video.ts'
import { storeFile, contentOf } from '../store/stored-files.ts'
import type { ResultStore } from '../store/result-store.ts'
import type { BatchJob, JobContent } from './batch-job.ts'
import { jobModel } from './job-model.ts'
import { shotFolder, shotTitle, splitIntoShots } from './shots.ts'

/** A job with what only this machine knows of it. */
export interface PreparedJob {
  readonly job: BatchJob
  readonly here: LocalFiles
  /** Which of the wish's objects the job's are. */
  readonly objectIndices: readonly number[]
  /** Where the files of its result go on this machine; null leaves them in the store. */
  readonly outFolder: string | null
}

/** What is to be tracked, before files are read and hashed. */
export interface JobWish {
  readonly videoPath: string
  readonly objects: JobContent['objects']
  readonly range: JobContent['range']
  readonly direction: JobContent['direction']
  /** A name of the zoo or the path of a checkpoint. */
  readonly model: string
  /** Where downloaded models lie; the user's own folder for them unless given. */
  readonly modelsFolder?: string
  readonly sizePx: number | null
  readonly mode: JobContent['mode']
  readonly tracking: JobContent['tracking']
  readonly fillOpacity: number
  readonly outputs: JobContent['outputs']
  readonly outFolder: string | null
  /** First frames of the shots but the first one's; none for a video in one piece. */
  readonly shotStarts: readonly number[]
}

/** A folder of pictures has no one content to be sent and named by. */
export class FolderInBatch extends UserFacingError {
  constructor(path: string) {
    super('folder-in-batch', `${path} is a folder of pictures. Batch jobs take video files.`)
  }
}

/**
 * Makes jobs of a wish: one, or one for each shot that has prompts.
 * @throws VideoFileMissing, FolderInBatch, and what `jobModel` throws
 */
export async function prepareJobs(wish: JobWish): Promise<PreparedJob[]> {
  const videoPath = resolve(wish.videoPath)
  const found = await stat(videoPath).catch((cause: unknown) => {
    throw new VideoFileMissing(wish.videoPath, cause)
  })
  if (found.isDirectory()) throw new FolderInBatch(wish.videoPath)
  const fileName = safeFileName(basename(videoPath), 'video')
  const { sha256 } = await contentOf(videoPath)
  const { model, checkpointPath } = await jobModel(wish.model, wish.modelsFolder)
  const { direction, sizePx, mode, tracking, fillOpacity, outputs } = wish
  return splitIntoShots(wish).map(({ range, objects, objectIndices, shot }) => ({
    job: {
      title: shot === null ? fileName : `${fileName}, ${shotTitle(shot)}`,
      content: {
        video: { sha256, fileName },
        range,
        objects,
        direction,
        model,
        sizePx,
        mode,
        tracking,
        fillOpacity,
        outputs,
      },
    },
    here: { videoPath, checkpointPath },
    objectIndices,
    outFolder: outFolderOf(wish.outFolder, shot),
  }))
}

/** Puts what workers elsewhere need of a job into the store. @throws FileChanged, StoreUnavailable */
export async function storeInputs(store: ResultStore, { job, here }: PreparedJob): Promise<void> {
  const { video, model } = job.content
  if (here.videoPath !== null) await storeNamed(store, here.videoPath, video.sha256)
  if (here.checkpointPath !== null) await storeNamed(store, here.checkpointPath, model.sha256)
}

async function storeNamed(store: ResultStore, path: string, sha256: string): Promise<void> {
  if ((await storeFile(store, path)).sha256 !== sha256) throw new FileChanged(path)
}

function outFolderOf(outFolder: string | null, shot: FrameRange | null): string | null {
  if (outFolder === null || shot === null) return outFolder
  return resolve(outFolder, shotFolder(shot))
}
