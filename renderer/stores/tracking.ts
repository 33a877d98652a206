import { watchDebounced } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, reactive, shallowReactive, shallowRef } from 'vue'
import type {
  Direction,
  TrackEstimate,
  TrackLimit,
  TrackProgress,
  TrackRequest,
  TrackRun,
} from '../../electron/contract/tracking.ts'
import { useClient } from '../client/current-client.ts'
import { useConnection } from './connection.ts'
import { useProject } from './project.ts'
import { useSelection } from './selection.ts'
import { useSettings } from './settings.ts'

export interface TrackOptions {
  objects: 'all' | 'selected'
  direction: Direction
  limit: 'end' | 'markers'
}

const ESTIMATE_AFTER_MS = 300
const UNFINISHED = new Set<TrackRun['state']>(['waiting', 'running', 'paused', 'interrupted'])

/** Tracking runs: what Track would do, what it would cost, what runs. */
export const useTracking = defineStore('tracking', () => {
  const client = useClient()
  const connection = useConnection()
  const project = useProject()
  const selection = useSelection()
  const settings = useSettings()

  const options = reactive<TrackOptions>({ objects: 'all', direction: 'both', limit: 'markers' })
  const progress = shallowReactive(new Map<number, TrackProgress>())
  const estimate = shallowRef<TrackEstimate | null>(null)

  client.on('track.progress', (news) => {
    progress.set(news.runId, news)
  })
  project.onOpened(() => {
    progress.clear()
  })

  /** Objects that can be tracked: not locked, and with a prompt or mask in this video. */
  const trackableObjectIds = computed(() => {
    const started = new Set<number>()
    for (const prompt of project.records.prompts.values())
      if (prompt.videoId === selection.videoId) started.add(prompt.objectId)
    for (const span of project.records.spans.values())
      if (span.videoId === selection.videoId) started.add(span.objectId)
    return project.objects
      .filter((object) => !object.locked && started.has(object.id))
      .map((object) => object.id)
  })

  const chosenObjectIds = computed(() => {
    if (options.objects === 'all') return trackableObjectIds.value
    const selected = new Set(selection.selectedObjectIds)
    return trackableObjectIds.value.filter((id) => selected.has(id))
  })

  /** What Track would ask for; null while there is nothing to track. */
  const request = computed(() => requestOf({}))

  function requestOf(special: Partial<TrackRequest>): TrackRequest | null {
    if (selection.videoId === null) return null
    const limit: TrackLimit = { kind: options.limit }
    const objectIds = special.objectIds ?? chosenObjectIds.value
    if (objectIds.length === 0) return null
    return {
      videoId: selection.videoId,
      direction: options.direction,
      startFrame: null,
      limit,
      extent: 'all',
      ...special,
      objectIds,
    }
  }

  /** Runs that are not over, the newest last. */
  const unfinishedRuns = computed(() =>
    [...project.records.runs.values()]
      .filter((run) => UNFINISHED.has(run.state))
      .map((run) => {
        // How far it is comes oftener as news than as a change of the project; its state is the project's.
        const { framesDone, framesTotal } = progress.get(run.id) ?? run
        return { ...run, framesDone, framesTotal }
      })
      .sort((a, b) => a.id - b.id),
  )
  const activeRun = computed(
    () =>
      unfinishedRuns.value.find((run) => run.state === 'running') ??
      unfinishedRuns.value.find((run) => run.state === 'paused') ??
      unfinishedRuns.value.at(-1) ??
      null,
  )
  const activeProgress = computed(() =>
    activeRun.value === null ? null : (progress.get(activeRun.value.id) ?? null),
  )
  const isRunning = computed(() => activeRun.value?.state === 'running')

  /** Starts a run; `special` replaces what the options say. */
  async function start(special: Partial<TrackRequest> = {}): Promise<void> {
    const asked = requestOf(special)
    if (asked !== null) await project.call('track.start', asked)
  }

  async function pause(runId: number): Promise<void> {
    await project.call('track.pause', { runId })
  }

  async function resume(runId: number): Promise<void> {
    await project.call('track.resume', { runId })
  }

  async function cancel(runId: number): Promise<void> {
    await project.call('track.cancel', { runId })
  }

  /** What an estimate depends on: the request, the model and, once runs were measured, those that ended. */
  const estimateKey = computed(() => {
    if (!connection.isReady || request.value === null) return null
    const { modelId, device, inputSizePx, precision, memoryBudgetBytes } = settings.stored
    const model = [modelId, device, inputSizePx, precision, memoryBudgetBytes]
    return JSON.stringify([request.value, selection.video, model, isRunning.value])
  })

  watchDebounced(
    estimateKey,
    async (key) => {
      const asked = request.value
      if (key === null || asked === null) {
        estimate.value = null
        return
      }
      // An estimate that cannot be had is left blank; Track itself will say why.
      const answer = await client.call('track.estimate', asked).catch(() => null)
      if (request.value !== null && JSON.stringify(asked) === JSON.stringify(request.value))
        estimate.value = answer
    },
    { debounce: ESTIMATE_AFTER_MS, immediate: true },
  )

  return {
    options,
    estimate,
    request,
    trackableObjectIds,
    chosenObjectIds,
    unfinishedRuns,
    activeRun,
    activeProgress,
    isRunning,
    start,
    pause,
    resume,
    cancel,
  }
})
