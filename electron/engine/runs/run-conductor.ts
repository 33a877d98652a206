import type { FrameMask, TrackProgress, TrackRequest, TrackRun } from '../../contract/tracking.ts'
import { failureSentence } from '../failure-sentence.ts'
import { requireRun } from '../project/edits/require-records.ts'
import { isRunEnded, startRun, updateRun } from '../project/edits/run-edits.ts'
import { InvalidEditError } from '../project/project-errors.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { RunJob, type RunJobOptions } from './run-job.ts'
import { planRun } from './run-plan.ts'

export interface RunConductorOptions extends Omit<RunJobOptions, 'runId' | 'store' | 'warned'> {
  readonly store: ProjectStore
  onMasks(masks: FrameMask[], revision: number): void
  onProgress(progress: TrackProgress): void
  /** A run ended by an error. */
  onFailure(error: unknown): void
  /** Name of the model that a run would use. */
  modelName(): string
}

type RunAnswer = { revision: number; run: TrackRun }

/** The tracking runs of a project, one at work at a time. */
export class RunConductor {
  readonly #options: RunConductorOptions
  readonly #waiting: number[] = []
  #working: { job: RunJob; done: Promise<void> } | null = null
  /** By run, the pairs that it has warned of. */
  readonly #warned = new Map<number, Set<string>>()
  #closed = false

  constructor(options: RunConductorOptions) {
    this.#options = options
  }

  /** @throws NothingToTrack, ObjectLockedError, UnknownRecordError */
  start(request: TrackRequest): RunAnswer {
    const { store } = this.#options
    const { starts, frameCount: framesTotal } = planRun(store, request, null)
    // A run that is resumed after a restart finds the playhead elsewhere, so where it started is put down.
    const frames = new Set(starts.values())
    const startFrame = request.startFrame ?? (frames.size === 1 ? [...frames][0]! : null)
    const model = this.#options.modelName()
    const answer = startRun(store, { request: { ...request, startFrame }, model, framesTotal })
    this.#enqueue(answer.run.id)
    return answer
  }

  /** Stops a run so that it can be resumed. */
  async pause(runId: number): Promise<RunAnswer> {
    return this.#halt(runId, 'paused')
  }

  /** Ends a run; what it made stays. */
  async cancel(runId: number): Promise<RunAnswer> {
    return this.#halt(runId, 'cancelled')
  }

  /** Goes on with a paused or interrupted run. @throws InvalidEditError for one that is over */
  resume(runId: number): RunAnswer {
    const { store } = this.#options
    const run = requireRun(store.records, runId)
    if (isRunEnded(run)) throw new InvalidEditError('This tracking run is over. Start another one.')
    // One that is put down as running may be at rest, where a full disk kept its end from being put down.
    if (this.#working?.job.runId === runId || this.#waiting.includes(runId))
      return { revision: store.revision, run }
    const answer = updateRun(store, runId, { state: 'waiting', failure: null })
    this.#enqueue(runId)
    return answer
  }

  /** Whether a run is at work or waits. */
  get isBusy(): boolean {
    return this.#working !== null || this.#waiting.length > 0
  }

  /** Stops the work without ending the runs: they can be resumed when the project is open again. */
  async close(): Promise<void> {
    this.#closed = true
    this.#waiting.length = 0
    const working = this.#working
    working?.job.stop()
    await working?.done
  }

  async #halt(runId: number, state: 'paused' | 'cancelled'): Promise<RunAnswer> {
    const { store } = this.#options
    const place = this.#waiting.indexOf(runId)
    if (place >= 0) this.#waiting.splice(place, 1)
    const working = this.#working?.job.runId === runId ? this.#working : null
    working?.job.stop()
    await working?.done
    const run = requireRun(store.records, runId)
    if (isRunEnded(run)) return { revision: store.revision, run }
    const answer = updateRun(store, runId, { state })
    this.#options.onProgress(working?.job.progress(state) ?? restingProgress(answer.run))
    return answer
  }

  #enqueue(runId: number): void {
    this.#waiting.push(runId)
    // After the answer to the call that started it.
    setImmediate(() => {
      this.#next()
    })
  }

  #next(): void {
    if (this.#closed || this.#working !== null) return
    const runId = this.#waiting.shift()
    if (runId === undefined) return
    const warned = this.#warned.get(runId) ?? new Set()
    this.#warned.set(runId, warned)
    const job = new RunJob({ ...this.#options, runId, warned })
    const done = this.#conduct(job).finally(() => {
      this.#working = null
      this.#next()
    })
    this.#working = { job, done }
  }

  async #conduct(job: RunJob): Promise<void> {
    const { store, onProgress, onFailure } = this.#options
    try {
      const end = await job.execute()
      if (end === 'stopped') return
      const { framesDone } = job.progress('finished')
      const { run } = updateRun(store, job.runId, { state: 'finished', framesDone, framesTotal: framesDone })
      onProgress({ ...job.progress('finished'), framesTotal: run.framesTotal, secondsLeft: 0 })
    } catch (error) {
      // What it worked with is being closed, too. The run did not fail by that: it is found interrupted.
      if (this.#closed) return
      const run = store.records.get('runs', job.runId)
      if (run === undefined || isRunEnded(run)) {
        // It was undone or cancelled meanwhile.
        onProgress(job.progress(run?.state ?? 'cancelled'))
        return
      }
      const failure = failureSentence(error) ?? 'Tracking stopped because of an error inside Maskwright.'
      onFailure(error)
      try {
        updateRun(store, job.runId, { state: 'failed', failure: failure.slice(0, 4_096) })
      } catch (second) {
        // A full disk takes this down, too; the run is then found interrupted.
        onFailure(second)
      }
      onProgress(job.progress('failed', failure))
    }
  }
}

function restingProgress({ id, state, framesDone, framesTotal, failure }: TrackRun): TrackProgress {
  return {
    runId: id,
    state,
    framesDone,
    framesTotal,
    framesPerSecond: null,
    secondsLeft: null,
    frameIndex: null,
    failure,
  }
}
