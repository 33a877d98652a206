import { defineStore } from 'pinia'
import { markRaw, shallowReactive } from 'vue'
import { LIMITS } from '../../electron/contract/limits.ts'
import type { Video } from '../../electron/contract/project.ts'
import { useClient } from '../client/current-client.ts'
import { useNotices } from './notices.ts'

/** When each frame of a video is shown, in seconds, read from the file; never index over rate. */
export const usePresentationTimes = defineStore('presentationTimes', () => {
  const client = useClient()
  const notices = useNotices()
  /** By content, so that a re-linked video gets its own. */
  const tables = shallowReactive(new Map<string, Float64Array>())
  const underway = new Map<string, Promise<void>>()

  async function load(video: Video): Promise<void> {
    const table = new Float64Array(video.frameCount)
    for (let first = 0; first < table.length; first += LIMITS.timesPerMessage) {
      const last = Math.min(first + LIMITS.timesPerMessage, table.length) - 1
      const answer = await client.call('video.presentationTimes', {
        videoId: video.id,
        span: { first, last },
      })
      if (answer.contentId !== video.contentId) return
      table.set(answer.times.slice(0, last - first + 1), first)
    }
    tables.set(video.contentId, markRaw(table))
  }

  /** Sees to it that the table comes. */
  function ensure(video: Video): Promise<void> {
    const key = video.contentId
    if (tables.has(key) || video.link === 'missing') return Promise.resolve()
    const loading =
      underway.get(key) ??
      load(video)
        .catch(notices.addError)
        .finally(() => underway.delete(key))
    underway.set(key, loading)
    return loading
  }

  /** Seconds at which a frame is shown; null while the table is not there. */
  function timeOf(video: Video, frameIndex: number): number | null {
    return tables.get(video.contentId)?.[frameIndex] ?? null
  }

  /** Newest frame shown at a time; the first one for earlier times, null while the table is not there. */
  function frameAt(video: Video, timeSeconds: number): number | null {
    const table = tables.get(video.contentId)
    if (table === undefined) return null
    let low = 0
    let high = table.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (table[middle]! <= timeSeconds) low = middle
      else high = middle - 1
    }
    return low
  }

  return { tables, ensure, timeOf, frameAt }
})
