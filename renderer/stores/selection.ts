import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Markers } from '../../electron/contract/project.ts'
import { useProject } from './project.ts'

export type Tool = 'select' | 'point' | 'box' | 'brush' | 'eraser' | 'lasso'

/** Which video, frame and objects the person is at, and which tool is in hand. */
export const useSelection = defineStore('selection', () => {
  const project = useProject()

  const videoId = shallowRef<number | null>(null)
  const frameIndex = shallowRef(0)
  /** In the order in which they were selected; the last one is where prompts go. */
  const selectedObjectIds = shallowRef<readonly number[]>([])
  const tool = shallowRef<Tool>('point')
  /** Diameter of brush and eraser in source pixels. */
  const brushSizePx = shallowRef(24)
  const selectedPromptId = shallowRef<number | null>(null)

  const video = computed(() =>
    videoId.value === null ? null : (project.records.videos.get(videoId.value) ?? null),
  )
  const lastFrame = computed(() => (video.value === null ? 0 : video.value.frameCount - 1))
  const objectIds = computed(() => selectedObjectIds.value.filter((id) => project.records.objects.has(id)))
  const objectId = computed(() => objectIds.value.at(-1) ?? null)
  const object = computed(() =>
    objectId.value === null ? null : (project.records.objects.get(objectId.value) ?? null),
  )
  /** Markers that the engine was asked to set and has not answered for: what comes next already counts on them. */
  const askedMarkers = shallowRef<{ readonly videoId: number; readonly markers: Markers } | null>(null)
  const markers = computed<Markers>(() =>
    askedMarkers.value !== null && askedMarkers.value.videoId === videoId.value
      ? askedMarkers.value.markers
      : (video.value?.markers ?? { inFrame: null, outFrame: null }),
  )
  /** In and out with the video's ends in place of unset markers. */
  const markedSpan = computed(() => ({
    first: markers.value.inFrame ?? 0,
    last: markers.value.outFrame ?? lastFrame.value,
  }))

  /** Sets the markers of the present video: at once here, then in the project. */
  async function setMarkers(next: Markers): Promise<void> {
    if (videoId.value === null) return
    const asked = { videoId: videoId.value, markers: next }
    askedMarkers.value = asked
    try {
      await project.call('markers.set', asked)
    } finally {
      if (askedMarkers.value === asked) askedMarkers.value = null
    }
  }

  function goToFrame(index: number): void {
    frameIndex.value = Math.max(0, Math.min(lastFrame.value, Math.round(index)))
  }

  function selectVideo(id: number, frame = 0): void {
    videoId.value = id
    selectedPromptId.value = null
    goToFrame(frame)
  }

  function selectObject(id: number | null): void {
    selectObjects(id === null ? [] : [id])
  }

  /** The newest object that was asked for and is not there yet. */
  let arriving: Promise<void> = Promise.resolve()

  /** Counts what the person selected. */
  let choices = 0

  /** Selects an object as soon as the engine has made it, unless the person chose others by then; null when it could not. */
  function selectWhenMade(making: Promise<{ readonly objectId: number } | null>): Promise<void> {
    const choice = choices
    arriving = making.then((made) => {
      if (made === null || choices !== choice) return
      selectObject(made.objectId)
      choices = choice
    })
    return arriving
  }

  function selectObjects(ids: readonly number[]): void {
    choices++
    selectedObjectIds.value = [...new Set(ids)]
    selectedPromptId.value = null
  }

  /** Adds an object to the selection or takes it out of it. */
  function toggleObject(id: number): void {
    const others = objectIds.value.filter((other) => other !== id)
    selectObjects(others.length === objectIds.value.length ? [...others, id] : others)
  }

  let openProjectId: string | null = null
  project.onOpened((opened) => {
    if (opened === null || opened.projectId !== openProjectId) {
      const view = opened?.view
      videoId.value = view?.videoId ?? null
      frameIndex.value = view?.frameIndex ?? 0
      selectObjects(view?.selectedObjectIds ?? [])
      tool.value = 'point'
    }
    openProjectId = opened?.projectId ?? null
    settle()
  })
  project.onChanged(settle)

  /** After a change: a video that is gone gives way to the first one, a lone new one is shown at once. */
  function settle(): void {
    if (video.value === null) {
      const first = project.videos[0]
      if (first === undefined) videoId.value = null
      else selectVideo(first.id)
    }
    goToFrame(frameIndex.value)
  }

  return {
    videoId,
    frameIndex,
    selectedObjectIds: objectIds,
    selectedPromptId,
    tool,
    brushSizePx,
    video,
    lastFrame,
    objectId,
    object,
    markers,
    markedSpan,
    setMarkers,
    goToFrame,
    selectVideo,
    selectObject,
    selectWhenMade,
    /** Until then a prompt would land on the object before. */
    untilObjectIsMade: () => arriving,
    selectObjects,
    toggleObject,
  }
})
