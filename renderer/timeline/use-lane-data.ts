import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { LIMITS } from '../../electron/contract/limits.ts'
import type { Lane, Quality } from '../../electron/contract/timeline.ts'
import { useClient } from '../client/current-client.ts'
import { useConnection } from '../stores/connection.ts'
import { useProject } from '../stores/project.ts'
import { useSelection } from '../stores/selection.ts'
import type { FrameRange } from './time-scale.ts'

/** Not more often than this, so that tracking, which changes the project many times a second, leaves room for itself. */
const APART_MS = 350

/** Calls a question when told that things changed, one at a time and not too often; the newest change is never lost. */
function asker(ask: () => Promise<void>) {
  let isBusy = false
  let isDue = false
  let timer: ReturnType<typeof setTimeout> | undefined

  async function run(): Promise<void> {
    isBusy = true
    isDue = false
    await ask()
    timer = setTimeout(() => {
      isBusy = false
      if (isDue) void run()
    }, APART_MS)
  }

  onScopeDispose(() => {
    clearTimeout(timer)
  })
  return (): void => {
    isDue = true
    if (!isBusy) void run()
  }
}

/** What the engine knows of each object over the whole film, and the quality of the selected one over what is seen. */
export function useLaneData(range: Ref<FrameRange>, widthPx: Ref<number>) {
  const client = useClient()
  const connection = useConnection()
  const project = useProject()
  const selection = useSelection()

  const lanes = shallowRef<ReadonlyMap<number, Lane>>(new Map())
  const suspectCount = shallowRef(0)
  const quality = shallowRef<{ first: number; objectId: number; columns: Quality } | null>(null)

  const askLanes = asker(async () => {
    const { video } = selection
    if (video === null || !connection.isReady) return
    // An answer that cannot be had leaves what is drawn; the next change asks again.
    const answer = await client
      .call('timeline.summary', {
        videoId: video.id,
        objectIds: null,
        span: { first: 0, last: video.frameCount - 1 },
        bucketCount: 1,
      })
      .catch(() => null)
    if (answer !== null && selection.videoId === video.id) {
      lanes.value = new Map(answer.lanes.map((lane) => [lane.objectId, lane]))
      suspectCount.value = answer.suspectCount
    }
  })

  /** What is seen and as much again on both sides, so that scrolling seldom has to wait. */
  const wantedSpan = computed(() => {
    const count = range.value.end - range.value.first
    return {
      first: Math.max(0, Math.floor(range.value.first - count)),
      last: Math.min(selection.lastFrame, Math.ceil(range.value.end + count)),
    }
  })
  const isCovered = computed(() => {
    const known = quality.value
    if (known === null || known.objectId !== selection.objectId) return false
    const { framesPerBucket, predictedIou } = known.columns
    const end = known.first + framesPerBucket * predictedIou.length
    const isFine = framesPerBucket <= Math.max(1, (2 * (range.value.end - range.value.first)) / widthPx.value)
    return (
      known.first <= range.value.first && Math.min(range.value.end, selection.lastFrame + 1) <= end && isFine
    )
  })

  const askQuality = asker(async () => {
    const { video, objectId } = selection
    if (video === null || objectId === null || !connection.isReady) return
    const span = wantedSpan.value
    const answer = await client
      .call('timeline.summary', {
        videoId: video.id,
        objectIds: [objectId],
        span,
        bucketCount: Math.max(
          1,
          Math.min(LIMITS.qualityBuckets, span.last - span.first + 1, Math.ceil(widthPx.value * 3)),
        ),
      })
      .catch(() => null)
    const lane = answer?.lanes[0]
    if (answer === null || lane === undefined || selection.videoId !== video.id) return
    quality.value = { first: answer.first, objectId, columns: lane.quality }
  })

  watch(
    () => [project.facts?.projectId, selection.videoId, selection.video?.contentId],
    () => {
      lanes.value = new Map()
      suspectCount.value = 0
      quality.value = null
      askLanes()
    },
    { immediate: true },
  )
  watch(() => connection.isReady, askLanes)
  watch(
    () => project.revision,
    () => {
      askLanes()
      askQuality()
    },
  )
  watch(
    () => [
      selection.videoId,
      selection.objectId,
      connection.isReady,
      wantedSpan.value,
      quality.value,
      widthPx.value,
    ],
    () => {
      if (!isCovered.value) askQuality()
    },
    { immediate: true },
  )

  return {
    lanes,
    /** Of the selected object; null while it is not known. */
    quality: computed(() => (quality.value?.objectId === selection.objectId ? quality.value : null)),
    /** Frames of the film on which an object is suspect. */
    suspectCount,
  }
}
