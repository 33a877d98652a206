import type { Mark } from '../../../contract/history.ts'
import type { QueueJob, QueueStatus } from '../../../contract/queue.ts'
import { takeFoundMasks, type FoundInVideo } from '../../project/edits/queue-edits.ts'
import type { ProjectStore } from '../../project/project-store.ts'
import { StoredFileMissing } from '../store/stored-files.ts'
import { jobKey } from '../jobs/batch-job.ts'
import { prepareJobs, storeInputs, type PreparedJob } from '../jobs/prepared-job.ts'
import { requirePromptsInRange } from '../jobs/prompt-range.ts'
import { NothingPrompted, videoWishes, type ProjectChoices } from '../jobs/project-wishes.ts'
import type { JobQueue, QueuedJob } from '../queue/job-queue.ts'
import { QueueUnavailable, RedisAddress } from '../queue/redis-address.ts'
import { hasResult, readResult, ResultDamaged } from '../run/job-result.ts'
import { openStore, probeStore } from '../store/open-store.ts'
import { StoreUnavailable, type ResultStore } from '../store/result-store.ts'
import { foundMasks, TAKEN_OUTPUTS } from './found-masks.ts'
import {
  QueueJobUnderWay,
  QueueNotNamed,
  QueueResultDamaged,
  QueueResultMissing,
  QueueResultOfOtherVideo,
  UnknownQueueJob,
} from './queue-errors.ts'
import { QueueMemory, type SentJob } from './queue-memory.ts'

/** How the studio's jobs are tracked; what the settings say. */
export type SendChoices = Omit<ProjectChoices, 'direction' | 'outputs' | 'outFolder'>

/** The studio's end of the queue: sends a project's videos, watches them, and takes their masks back. */
export class QueueDesk {
  readonly #memory: QueueMemory
  #open: { readonly address: string; readonly queue: JobQueue } | null = null
  #opened: { readonly address: string; readonly store: ResultStore } | null = null

  /** @param dataFolder the app's own folder */
  constructor(dataFolder: string) {
    this.#memory = new QueueMemory(dataFolder)
  }

  /**
   * Tries queue and store and remembers them; null keeps what is remembered.
   * @throws NotARedisAddress, QueueUnavailable, UnknownStore, StoreUnavailable; then all is as before
   */
  async use(given: { readonly address: string | null; readonly store: string | null }): Promise<void> {
    const known = await this.#memory.read()
    const [address, store] = [given.address ?? known.address, given.store ?? known.store]
    if (address === null || store === null) throw new QueueNotNamed()
    await probeStore(await this.#results(store))
    await (await this.#queue(address)).counts()
    await this.#memory.change((now) => ({ ...now, address, store }))
  }

  /** @param projectId null while no project is open */
  async status(projectId: string | null): Promise<QueueStatus> {
    const { address, store, sent } = await this.#memory.read()
    const ours = sent.filter((job) => job.projectId === projectId)
    const shown = { address: address && new RedisAddress(address).shown, store }
    const unknown = ours.map((job) => describe(job, 'unknown'))
    if (address === null || store === null) return { ...shown, counts: null, failure: null, jobs: unknown }
    try {
      const queue = await this.#queue(address)
      const { waiting, active, failed } = await queue.counts()
      const queued = await queue.jobs(ours.map(({ jobId }) => jobId))
      const results = await this.#results(store)
      const jobs = await Promise.all(ours.map((job, index) => becameOf(job, queued[index] ?? null, results)))
      return { ...shown, counts: { waiting, active, failed }, failure: null, jobs }
    } catch (error) {
      if (!(error instanceof QueueUnavailable || error instanceof StoreUnavailable)) throw error
      return { ...shown, counts: null, failure: error.message.slice(0, 4_096), jobs: unknown }
    }
  }

  /**
   * Sends videos as they are prompted now. What is on its way already stays; what failed begins anew.
   * @returns how many jobs they make
   * @throws QueueNotNamed, NothingPrompted, PromptOutsideRange, FolderInBatch, VideoFileMissing, FileChanged,
   * QueueUnavailable, StoreUnavailable
   */
  async send(project: ProjectStore, videoIds: readonly number[], choices: SendChoices): Promise<number> {
    const { queue, results } = await this.#reached()
    const outputs = [...TAKEN_OUTPUTS]
    const whole = { ...choices, direction: 'both', outputs, outFolder: null } as const
    const wishes = (await videoWishes(project, whole)).filter(({ videoId }) => videoIds.includes(videoId))
    if (wishes.length === 0) throw new NothingPrompted(project.project().name)
    for (const { wish } of wishes) requirePromptsInRange(wish)
    const prepared: PreparedJob[] = []
    const sent: SentJob[] = []
    const { projectId } = project.project()
    for (const { videoId, objectIds, wish } of wishes) {
      const { contentId } = project.records.get('videoFiles', videoId)!
      for (const one of await prepareJobs(wish)) {
        await storeInputs(results, one)
        prepared.push(one)
        sent.push({
          ...{ jobId: jobKey(one.job), projectId, videoId, contentId, title: one.job.title },
          objectIds: one.objectIndices.map((index) => objectIds[index]!),
          model: one.job.content.model.name,
          sentAt: Date.now(),
          isTaken: false,
        })
      }
    }
    // Remembered first: a job that is on the list without having arrived can be sent again, a lost one not be found.
    await this.#memory.change((now) => ({
      ...now,
      sent: [
        ...sent,
        ...now.sent.filter((old) => !sent.some((job) => isSame(job, old.projectId, old.jobId))),
      ],
    }))
    await queue.send(prepared.map(({ job }) => job))
    return sent.length
  }

  /**
   * Takes jobs out of the queue and off the list. Masks that were taken stay.
   * @throws QueueJobUnderWay for one that a worker has; UnknownQueueJob, QueueUnavailable
   */
  async remove(projectId: string, jobIds: readonly string[]): Promise<void> {
    const { queue } = await this.#reached()
    for (const jobId of jobIds) {
      const { title } = await this.#sent(projectId, jobId)
      if (!(await queue.remove(jobId))) throw new QueueJobUnderWay(title)
      await this.#memory.change((now) => ({
        ...now,
        sent: now.sent.filter((job) => !isSame(job, projectId, jobId)),
      }))
    }
  }

  /**
   * Makes what jobs found the present masks of their objects, as one step.
   * @throws UnknownQueueJob, QueueResultMissing, QueueResultOfOtherVideo, QueueResultDamaged, StoreUnavailable; nothing is
   * changed then
   */
  async take(
    project: ProjectStore,
    jobIds: readonly string[],
    mark?: Mark,
  ): Promise<{ revision: number; maskCount: number }> {
    const { store } = await this.#memory.read()
    if (store === null) throw new QueueNotNamed()
    const results = await this.#results(store)
    const { projectId } = project.project()
    const found: FoundInVideo[] = []
    for (const jobId of jobIds)
      found.push(await foundBy(await this.#sent(projectId, jobId), results, project))
    const taken = takeFoundMasks(project, found, mark)
    const isTaken = (job: SentJob): boolean => jobIds.some((jobId) => isSame(job, projectId, jobId))
    await this.#memory.change((now) => ({
      ...now,
      sent: now.sent.map((job) => (isTaken(job) ? { ...job, isTaken: true } : job)),
    }))
    return taken
  }

  async close(): Promise<void> {
    await this.#open?.queue.close()
    this.#open = null
  }

  async #sent(projectId: string, jobId: string): Promise<SentJob> {
    const { sent } = await this.#memory.read()
    const job = sent.find((one) => isSame(one, projectId, jobId))
    if (job === undefined) throw new UnknownQueueJob()
    return job
  }

  async #reached(): Promise<{ queue: JobQueue; results: ResultStore }> {
    const { address, store } = await this.#memory.read()
    if (address === null || store === null) throw new QueueNotNamed()
    return { queue: await this.#queue(address), results: await this.#results(store) }
  }

  /** Stays open while the address is the same: a bucket is asked again and again while somebody watches. */
  async #results(address: string): Promise<ResultStore> {
    if (this.#opened?.address !== address) this.#opened = { address, store: await openStore(address) }
    return this.#opened.store
  }

  /** The connection stays while the address is the same. */
  async #queue(address: string): Promise<JobQueue> {
    if (this.#open?.address === address) return this.#open.queue
    const checked = new RedisAddress(address)
    await this.close()
    // Read when it is needed: most people have no queue.
    const { JobQueue: Queue } = await import('../queue/job-queue.ts')
    const queue = new Queue(checked)
    this.#open = { address, queue }
    return queue
  }
}

function isSame(job: SentJob, projectId: string, jobId: string): boolean {
  return job.projectId === projectId && job.jobId === jobId
}

async function becameOf(job: SentJob, queued: QueuedJob | null, results: ResultStore): Promise<QueueJob> {
  // The queue forgets finished jobs after a while; the store does not.
  if (queued === null) {
    if (!(await hasResult(results, job.jobId))) return describe(job, 'gone')
    return { ...describe(job, 'done'), notice: await noticeOf(job, results) }
  }
  const { state, progress, notice, waitsFor, reason } = queued
  return {
    ...describe(job, state),
    progress: state === 'active' ? progress : null,
    notice: notice?.slice(0, 4_096) ?? null,
    failure: (state === 'failed' ? (reason ?? '') : waitsFor)?.slice(0, 4_096) ?? null,
  }
}

/** How the model of a job that is done ran otherwise than asked; one that is damaged says so when it is taken. */
async function noticeOf({ jobId }: SentJob, results: ResultStore): Promise<string | null> {
  try {
    const notices = (await readResult(results, jobId))?.notices ?? []
    return notices.length === 0 ? null : notices.join(' ').slice(0, 4_096)
  } catch (error) {
    if (error instanceof ResultDamaged) return null
    throw error
  }
}

function describe({ jobId, title, videoId, sentAt, isTaken }: SentJob, state: QueueJob['state']): QueueJob {
  return { jobId, title, videoId, sentAt, isTaken, state, progress: null, notice: null, failure: null }
}

async function foundBy(job: SentJob, results: ResultStore, project: ProjectStore): Promise<FoundInVideo> {
  const { jobId, title, videoId, contentId, objectIds, model } = job
  if (project.records.get('videoFiles', videoId)?.contentId !== contentId)
    throw new QueueResultOfOtherVideo(title)
  try {
    const result = await readResult(results, jobId)
    if (result === null) throw new QueueResultMissing(title)
    return { videoId, model, masks: await foundMasks(results, result, objectIds) }
  } catch (error) {
    const isToldAsItIs =
      error instanceof StoreUnavailable ||
      error instanceof StoredFileMissing ||
      error instanceof QueueResultMissing
    if (isToldAsItIs) throw error
    throw new QueueResultDamaged(title, error)
  }
}
