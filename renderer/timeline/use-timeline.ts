import { computed, inject, provide, shallowRef, watch, type InjectionKey, type Ref } from 'vue'
import type { Markers } from '../../electron/contract/project.ts'
import { useProject } from '../stores/project.ts'
import { useSelection } from '../stores/selection.ts'
import { useView } from '../stores/view.ts'
import type { LaneDrawing } from './timeline-drawing.ts'
import { scrollToLane, timelineLayout } from './timeline-layout.ts'
import { useLaneData } from './use-lane-data.ts'
import { useTimelineRange } from './use-timeline-range.ts'

/** Frames that were chosen on an object's lane. */
export interface LaneRange {
  readonly objectId: number
  readonly first: number
  readonly last: number
}

export type Timeline = ReturnType<typeof makeTimeline>

const KEY: InjectionKey<Timeline> = Symbol('timeline')

function makeTimeline(widthPx: Ref<number>, heightPx: Ref<number>) {
  const project = useProject()
  const selection = useSelection()
  const view = useView()

  const time = useTimelineRange(widthPx)
  const data = useLaneData(time.range, widthPx)

  const presence = computed(() => {
    const byObject = new Map<number, LaneDrawing['presence'][number][]>()
    for (const range of project.records.presence.values()) {
      if (range.videoId !== selection.videoId) continue
      const list = byObject.get(range.objectId)
      if (list === undefined) byObject.set(range.objectId, [range])
      else list.push(range)
    }
    return byObject
  })
  const lanes = computed<LaneDrawing[]>(() => {
    const selected = new Set(selection.selectedObjectIds)
    return project.objects.map(({ id, colour }) => {
      const lane = data.lanes.value.get(id)
      return {
        objectId: id,
        colour,
        isSelected: selected.has(id),
        isShown: view.shownObjectIds.has(id),
        spans: lane?.spans ?? [],
        keyframes: lane?.keyframes ?? [],
        presence: presence.value.get(id) ?? [],
      }
    })
  })

  const scrollPx = shallowRef(0)
  const layout = computed(() => timelineLayout(heightPx.value, lanes.value.length, scrollPx.value))
  function scrollLanes(byPx: number): void {
    scrollPx.value = Math.max(0, layout.value.scrollPx + byPx)
  }
  watch(
    () => [selection.objectId, lanes.value.length] as const,
    ([objectId]) => {
      const lane = lanes.value.findIndex((candidate) => candidate.objectId === objectId)
      if (lane >= 0) scrollPx.value = scrollToLane(layout.value, lane)
    },
  )

  /** Markers while one of them is dragged. */
  const draggedMarkers = shallowRef<Markers | null>(null)
  /** A shot while it is dragged. */
  const draggedShot = shallowRef<{ readonly shotId: number; readonly frameIndex: number } | null>(null)
  const chosenRange = shallowRef<LaneRange | null>(null)
  watch(
    () => selection.videoId,
    () => {
      chosenRange.value = null
    },
  )

  return {
    ...time,
    ...data,
    widthPx,
    layout,
    laneDrawings: lanes,
    scrollLanes,
    markers: computed(() => draggedMarkers.value ?? selection.markers),
    draggedMarkers,
    chosenRange,
    shots: computed(() =>
      [...project.records.shots.values()]
        .filter((shot) => shot.videoId === selection.videoId)
        .map((shot) =>
          shot.id === draggedShot.value?.shotId
            ? { ...shot, frameIndex: draggedShot.value.frameIndex }
            : shot,
        ),
    ),
    draggedShot,
  }
}

/** Makes the timeline's state for the components within. */
export function provideTimeline(widthPx: Ref<number>, heightPx: Ref<number>): Timeline {
  const timeline = makeTimeline(widthPx, heightPx)
  provide(KEY, timeline)
  return timeline
}

/** The state of the timeline around this component. */
export function useTimeline(): Timeline {
  const timeline = inject(KEY)
  if (timeline === undefined) throw new Error('provideTimeline must come from a component around this one')
  return timeline
}
