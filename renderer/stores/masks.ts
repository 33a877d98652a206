import { defineStore } from 'pinia'
import { shallowReactive, shallowRef, watch } from 'vue'
import type { MaskChange } from '../../electron/contract/changes.ts'
import type { FrameSpan } from '../../electron/contract/scalars.ts'
import type { FrameMask } from '../../electron/contract/tracking.ts'
import { useClient } from '../client/current-client.ts'
import { MaskCache } from '../masks/mask-cache.ts'
import { useNotices } from './notices.ts'
import { useProject } from './project.ts'
import { useSettings } from './settings.ts'

const CACHE_BYTES = 96 * 1_048_576
const VIDEOS_KEPT = 2

/** A change of masks that an answer under way may not know of yet. */
interface Overtaken extends MaskChange {
  readonly revision: number
}

/**
 * Present masks as they are shown and exported (cleaned), by frame and object. Run-length strings only; whoever draws
 * unpacks them. `generations` tells watchers what to draw anew.
 */
export const useMasks = defineStore('masks', () => {
  const client = useClient()
  const project = useProject()
  const notices = useNotices()
  const settings = useSettings()

  const caches = new Map<number, MaskCache>()
  /** Counts up per video with each change of what is known of its masks. */
  const generations = shallowReactive(new Map<number, number>())
  const isFetching = shallowRef(false)
  const revisions = new WeakMap<FrameMask, number>()
  const underway = new Map<string, Promise<void>>()
  let overtaken: Overtaken[] = []
  /** Counts up when all that is known is forgotten; what was asked for before is not taken in any more. */
  let era = 0

  function cacheOf(videoId: number): MaskCache {
    const found = caches.get(videoId)
    if (found !== undefined) return found
    const cache = new MaskCache(CACHE_BYTES)
    const oldest = caches.keys().next()
    if (caches.size >= VIDEOS_KEPT && oldest.done !== true) caches.delete(oldest.value)
    caches.set(videoId, cache)
    return cache
  }

  function touched(videoId: number): void {
    generations.set(videoId, (generations.get(videoId) ?? 0) + 1)
  }

  /** Takes masks in; those that are older than what is known of their frame are left. */
  function put(masks: readonly FrameMask[], revision: number): void {
    const videos = new Set<number>()
    for (const mask of masks) {
      const isStale = overtaken.some(
        (change) =>
          change.revision > revision &&
          change.videoId === mask.videoId &&
          change.objectId === mask.objectId &&
          change.first <= mask.frameIndex &&
          mask.frameIndex <= change.last,
      )
      const cache = cacheOf(mask.videoId)
      const known = cache.get(mask.frameIndex, mask.objectId)
      if (isStale || (known && (revisions.get(known) ?? 0) > revision)) continue
      revisions.set(mask, revision)
      cache.put(mask)
      videos.add(mask.videoId)
    }
    videos.forEach(touched)
  }

  function forget(change: MaskChange, revision: number): void {
    const cache = caches.get(change.videoId)
    if (underway.size > 0) overtaken.push({ ...change, revision })
    if (cache === undefined) return
    // New content may come before the word that it changed.
    const isCurrent = (mask: FrameMask): boolean => (revisions.get(mask) ?? 0) >= revision
    if (cache.forget(change.objectId, change.first, change.last, isCurrent)) touched(change.videoId)
  }

  async function fetch(videoId: number, span: FrameSpan): Promise<void> {
    const cache = cacheOf(videoId)
    const askedIn = era
    let first = span.first
    for (;;) {
      const answer = await client.call('masks.get', {
        videoId,
        objectIds: null,
        span: { first, last: span.last },
        cleaned: true,
      })
      if (askedIn !== era) return
      put(answer.masks, answer.revision)
      const end = answer.nextFrame ?? span.last + 1
      for (let frame = first; frame < end; frame++) {
        const changedSince = overtaken.some(
          (change) =>
            change.revision > answer.revision &&
            change.videoId === videoId &&
            change.first <= frame &&
            frame <= change.last,
        )
        if (!changedSince) cache.complete(frame)
      }
      touched(videoId)
      if (answer.nextFrame === null || answer.nextFrame <= first) return
      first = answer.nextFrame
    }
  }

  /** Sees to it that all masks of a span are known; frames that are known already are not asked for again. */
  function ensure(videoId: number, span: FrameSpan): Promise<void> {
    const cache = cacheOf(videoId)
    let { first, last } = span
    while (first <= last && cache.isComplete(first)) first += 1
    while (last >= first && cache.isComplete(last)) last -= 1
    if (first > last) return Promise.resolve()
    const key = `${videoId}:${first}-${last}`
    const same = underway.get(key)
    if (same !== undefined) return same
    isFetching.value = true
    const fetching = fetch(videoId, { first, last })
      .catch(notices.addError)
      .finally(() => {
        if (underway.get(key) === fetching) underway.delete(key)
        isFetching.value = underway.size > 0
        if (underway.size === 0) overtaken = []
      })
    underway.set(key, fetching)
    return fetching
  }

  function clear(): void {
    era += 1
    caches.clear()
    underway.clear()
    overtaken = []
    isFetching.value = false
    for (const videoId of generations.keys()) touched(videoId)
  }

  let openProjectId: string | null = null
  let knownRevision = 0
  project.onOpened((opened) => {
    // After a reconnect nothing says what was missed meanwhile.
    if (opened?.projectId !== openProjectId || opened?.revision !== knownRevision) clear()
    openProjectId = opened?.projectId ?? null
    knownRevision = opened?.revision ?? 0
  })
  project.onChanged((change, before) => {
    knownRevision = change.revision
    for (const mask of change.masks) forget(mask, change.revision)
    for (const collection of change.collections) {
      if (collection.collection !== 'objects') continue
      for (const object of collection.put) {
        const was = before.objects.get(object.id)?.cleanup
        if (was === undefined || JSON.stringify(was) === JSON.stringify(object.cleanup)) continue
        for (const videoId of caches.keys())
          forget({ videoId, objectId: object.id, first: 0, last: Number.MAX_SAFE_INTEGER }, change.revision)
      }
    }
  })
  client.on('masks.updated', ({ masks, revision }) => {
    put(masks, revision)
  })
  // Holes and specks are told by cells of the model's mask, so another input size cleans otherwise.
  watch(() => settings.settings.inputSizePx, clear)

  /** A count that changes with every change of a video's known masks; read it to be told. */
  function generationOf(videoId: number): number {
    return generations.get(videoId) ?? 0
  }

  return {
    isFetching,
    ensure,
    put,
    generationOf,
    /** Masks known of a frame now. Reactive through the video's generation. */
    masksOf: (videoId: number, frameIndex: number): FrameMask[] => {
      generationOf(videoId)
      return caches.get(videoId)?.masksOf(frameIndex) ?? []
    },
    /** null: has none; undefined: not known yet, ask with `ensure`. Reactive through the video's generation. */
    maskOf: (videoId: number, objectId: number, frameIndex: number): FrameMask | null | undefined => {
      generationOf(videoId)
      return caches.get(videoId)?.get(frameIndex, objectId)
    },
    isKnown: (videoId: number, frameIndex: number): boolean => {
      generationOf(videoId)
      return caches.get(videoId)?.isComplete(frameIndex) ?? false
    },
  }
})
