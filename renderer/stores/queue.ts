import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { CommandInput } from '../../electron/contract/commands.ts'
import type { QueueJob, QueueStatus } from '../../electron/contract/queue.ts'
import { texts } from '../texts/texts.ts'
import { useNotices } from './notices.ts'
import { useProject } from './project.ts'

/** How long to wait between two looks at the queue. */
const LOOK_EVERY_MS = 1_500

/** Work on other machines: the queue as it was seen last, and what can be asked of it. */
export const useQueue = defineStore('queue', () => {
  const notices = useNotices()
  const project = useProject()

  /** Null before the first look. */
  const status = shallowRef<QueueStatus | null>(null)
  /** What the engine is busy with for the dialog; null while nothing. */
  const busy = shallowRef<'connecting' | 'sending' | 'taking' | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let isWatched = false

  const isConnected = computed(() => status.value?.address != null && status.value.store !== null)
  const jobs = computed(() => status.value?.jobs ?? [])
  /** Results that are not in the project yet. */
  const ready = computed(() => jobs.value.filter(({ state, isTaken }) => state === 'done' && !isTaken))

  async function look(): Promise<void> {
    const seen = await project.call('queue.status', {})
    if (seen !== null) status.value = seen
  }

  /** Looks again and again until `leave`. */
  async function watch(): Promise<void> {
    isWatched = true
    await look()
    clearTimeout(timer)
    if (isWatched) timer = setTimeout(() => void watch(), LOOK_EVERY_MS)
  }

  function leave(): void {
    isWatched = false
    clearTimeout(timer)
  }

  async function during<Value>(what: typeof busy.value, work: () => Promise<Value>): Promise<Value> {
    busy.value = what
    try {
      return await work()
    } finally {
      busy.value = null
    }
  }

  /** Tries queue and store. @returns whether they are remembered now */
  async function use(choice: CommandInput<'queue.use'>): Promise<boolean> {
    const seen = await during('connecting', () => project.call('queue.use', choice))
    if (seen !== null) status.value = seen
    return seen !== null
  }

  async function send(videoIds: number[]): Promise<void> {
    const answer = await during('sending', () => project.call('queue.send', { videoIds }))
    if (answer !== null)
      notices.add({ level: 'information', code: 'QueueSent', message: texts.queue.sent(answer.jobCount) })
    await look()
  }

  async function take(taken: readonly QueueJob[]): Promise<void> {
    const jobIds = taken.map(({ jobId }) => jobId)
    const answer = await during('taking', () => project.call('queue.take', { jobIds }))
    if (answer !== null)
      notices.add({ level: 'information', code: 'QueueTaken', message: texts.queue.took(answer.maskCount) })
    await look()
  }

  async function remove({ jobId }: QueueJob): Promise<void> {
    await project.call('queue.remove', { jobIds: [jobId] })
    await look()
  }

  return { status, busy, isConnected, jobs, ready, watch, leave, use, send, take, remove }
})
