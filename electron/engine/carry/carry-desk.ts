import type { CarryHit, CarryProgress, CarryRequest } from '../../contract/carry.ts'
import { toFailure } from '../../contract/failure.ts'
import type { Mark } from '../../contract/history.ts'
import { failureSentence } from '../failure-sentence.ts'
import { acceptHits } from '../project/edits/carry-edits.ts'
import { requireVideoFile } from '../project/edits/require-records.ts'
import { UnknownRecordError } from '../project/project-errors.ts'
import type { ProjectStore } from '../project/project-store.ts'
import type { RunConductor } from '../runs/run-conductor.ts'
import type { Inference } from '../tracking/inference.ts'
import { CarrySearch } from './carry-search.ts'

export interface CarryDeskOptions {
  readonly store: ProjectStore
  readonly inference: Inference
  readonly runs: RunConductor
  /** Name of the model of the settings. */
  modelName(): string
  onProgress(progress: CarryProgress): void
  /** A defect of ours, for the log. */
  onDefect(error: unknown): void
}

interface Carrying {
  readonly controller: AbortController
  progress: CarryProgress
}

/** Searches of one project for objects in further videos, one after the other, and what they found. */
export class CarryDesk {
  readonly #options: CarryDeskOptions
  readonly #carryings = new Map<number, Carrying>()
  #lastId = 0
  #turn: Promise<void> = Promise.resolve()

  constructor(options: CarryDeskOptions) {
    this.#options = options
  }

  /** Puts a search into the queue. @returns its id @throws NothingToTrack, UnknownRecordError */
  start(request: CarryRequest): number {
    const carryId = ++this.#lastId
    const controller = new AbortController()
    const startedAt = performance.now()
    const { store, inference } = this.#options
    const search: CarrySearch = new CarrySearch({
      ...{ store, inference, objectIds: request.objectIds, signal: controller.signal },
      videos: [...new Set(request.videoIds)].map((videoId) => requireVideoFile(store.records, videoId)),
      onHit: (hit) => {
        this.#tell(carryId, { hits: [...this.#carrying(carryId).progress.hits, hit] })
      },
      onProgress: (framesDone, framesTotal) => {
        const seconds = (performance.now() - startedAt) / 1_000
        const secondsLeft = (seconds / framesDone) * (framesTotal - framesDone)
        this.#tell(carryId, { state: 'running', framesDone, secondsLeft })
      },
    })
    const counts = { framesDone: 0, framesTotal: search.framesTotal, secondsLeft: null }
    const progress: CarryProgress = { carryId, state: 'waiting', ...counts, failure: null, hits: [] }
    this.#carryings.set(carryId, { controller, progress })
    this.#turn = this.#turn.then(() => this.#run(carryId, search))
    return carryId
  }

  /** Ends a search; its hits stay. */
  cancel(carryId: number): void {
    this.#carryings.get(carryId)?.controller.abort()
  }

  /**
   * Makes hits keyframes and tracks from them both ways.
   * @throws UnknownRecordError for hits that are not known (any more), and what `acceptHits` throws
   */
  accept(carryId: number, hitIds: readonly number[], mark?: Mark): { revision: number; runIds: number[] } {
    const { store, inference, runs, modelName } = this.#options
    const { hits } = this.#carrying(carryId).progress
    const accepted = hitIds.map((hitId) => {
      const hit = hits.find((candidate) => candidate.hitId === hitId)
      if (hit === undefined) throw new UnknownRecordError('hit')
      return hit
    })
    acceptHits(store, accepted, inference.loaded?.name ?? modelName(), mark)
    this.#tell(carryId, { hits: hits.filter((hit) => !accepted.includes(hit)) })
    return { runIds: trackHits(runs, accepted), revision: store.revision }
  }

  /** Stops all and waits for it. */
  async close(): Promise<void> {
    for (const { controller } of this.#carryings.values()) controller.abort()
    await this.#turn
  }

  async #run(carryId: number, search: CarrySearch): Promise<void> {
    const { signal } = this.#carrying(carryId).controller
    this.#tell(carryId, { state: 'running' })
    try {
      await search.run()
      this.#tell(carryId, { state: 'finished', secondsLeft: 0 })
    } catch (error) {
      if (signal.aborted) {
        this.#tell(carryId, { state: 'cancelled', secondsLeft: null })
        return
      }
      if (failureSentence(error) === null) this.#options.onDefect(error)
      const failure = toFailure(error).message.slice(0, 4_096)
      this.#tell(carryId, { state: 'failed', secondsLeft: null, failure })
    }
  }

  #tell(carryId: number, change: Partial<CarryProgress>): void {
    const carrying = this.#carrying(carryId)
    carrying.progress = { ...carrying.progress, ...change }
    this.#options.onProgress(carrying.progress)
  }

  #carrying(carryId: number): Carrying {
    const carrying = this.#carryings.get(carryId)
    if (carrying === undefined) throw new UnknownRecordError('search')
    return carrying
  }
}

/** Tracks accepted hits to both ends of their videos, a run for each video. @returns the runs' ids */
export function trackHits(runs: RunConductor, hits: readonly CarryHit[]): number[] {
  return [...new Set(hits.map(({ videoId }) => videoId))].map((videoId) => {
    const ofVideo = hits.filter((hit) => hit.videoId === videoId)
    const { run } = runs.start({
      videoId,
      objectIds: [...new Set(ofVideo.map(({ objectId }) => objectId))],
      direction: 'both',
      startFrame: null,
      limit: { kind: 'end' },
      extent: 'all',
    })
    return run.id
  })
}
