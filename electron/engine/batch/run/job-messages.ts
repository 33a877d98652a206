import type { Device } from '../../../../models/runtime/session.ts'
import type { PassedError } from '../../tracking/tracker-protocol.ts'
import type { BatchJob } from '../jobs/batch-job.ts'

/** How a job process works; the same for all of its jobs. */
export interface JobProcessSettings {
  /** A folder, or `s3://BUCKET[/FOLDER]`. */
  readonly store: string
  /** Each process has a folder below it for what came from the store and what is under way, and none after its end. */
  readonly workFolder: string
  readonly device: Device
  /** Of the processor; null for all. */
  readonly threads: number | null
  readonly spanSteps: number
}

/** From a worker to its job process. */
export interface ToJobProcess {
  readonly job: BatchJob
  readonly settings: JobProcessSettings
  /** Files that need not be brought from the store, because they lie on this machine. */
  readonly here: LocalFiles
}

export interface LocalFiles {
  readonly videoPath: string | null
  readonly checkpointPath: string | null
}

/** What is heard of a job while it is done. */
export interface JobNews {
  onProgress(stepsDone: number, stepCount: number): void
  /** The model does not run as it was asked to: a sentence for the person. Told for each job that this holds for. */
  onNotice(sentence: string): void
}

export type FromJobProcess =
  | { readonly kind: 'progress'; readonly stepsDone: number; readonly stepCount: number }
  | { readonly kind: 'notice'; readonly sentence: string }
  | { readonly kind: 'done'; readonly outcome: 'made' | 'there' }
  | { readonly kind: 'failed'; readonly error: PassedError }
