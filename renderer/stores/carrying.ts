import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { DEFAULT_CARRY_CONFIDENCE, type CarryHit, type CarryProgress } from '../../electron/contract/carry.ts'
import { useClient } from '../client/current-client.ts'
import { texts } from '../texts/texts.ts'
import { useNotices } from './notices.ts'
import { useProject } from './project.ts'

/** Carrying objects to other videos: the search that was started last, and which of its hits shall be taken. */
export const useCarrying = defineStore('carrying', () => {
  const client = useClient()
  const notices = useNotices()
  const project = useProject()

  const carryId = shallowRef<number | null>(null)
  const progress = shallowRef<CarryProgress | null>(null)
  /** What the person said of hits, by id; the others are taken if they are sure enough. */
  const decisions = shallowRef<ReadonlyMap<number, boolean>>(new Map())

  /** The surest first. */
  const hits = computed(() => [...(progress.value?.hits ?? [])].sort((a, b) => b.confidence - a.confidence))
  const isSearching = computed(
    () => progress.value?.state === 'waiting' || progress.value?.state === 'running',
  )
  const chosen = computed(() => hits.value.filter(isChosen))

  client.on('carry.progress', (news) => {
    // It may come before the answer that names the search.
    if (carryId.value === null || news.carryId >= carryId.value) {
      carryId.value = news.carryId
      progress.value = news
    }
  })
  project.onOpened(reset)

  function isChosen({ hitId, confidence }: CarryHit): boolean {
    return decisions.value.get(hitId) ?? confidence >= DEFAULT_CARRY_CONFIDENCE
  }

  function decide(hitId: number, isTaken: boolean): void {
    decisions.value = new Map([...decisions.value, [hitId, isTaken]])
  }

  function reset(): void {
    carryId.value = null
    progress.value = null
    decisions.value = new Map()
  }

  async function search(objectIds: number[], videoIds: number[]): Promise<void> {
    reset()
    await project.call('carry.start', { objectIds, videoIds })
  }

  async function stop(): Promise<void> {
    if (carryId.value !== null) await project.call('carry.cancel', { carryId: carryId.value })
  }

  /** Takes the chosen hits over; they are tracked from there. @returns whether it was done */
  async function accept(): Promise<boolean> {
    const hitIds = chosen.value.map(({ hitId }) => hitId)
    if (carryId.value === null || hitIds.length === 0) return false
    const answer = await project.call('carry.accept', { carryId: carryId.value, hitIds })
    if (answer === null) return false
    const message = texts.carry.accepted(hitIds.length)
    notices.add({ level: 'information', code: 'CarryAccepted', message })
    return true
  }

  return { progress, hits, chosen, isSearching, isChosen, decide, reset, search, stop, accept }
})
