import { shallowRef } from 'vue'
import type { ShotBoundary } from '../../electron/contract/project.ts'
import { wheelIntent } from '../stage/wheel-intent.ts'
import { useNavigation } from '../stores/navigation.ts'
import { usePlayback } from '../stores/playback.ts'
import { useSelection } from '../stores/selection.ts'
import { frameIndexAt, type FrameRange } from './time-scale.ts'
import {
  draggedMarkers,
  draggedShotFrame,
  draggedThumb,
  timelineHit,
  type TimelineHit,
} from './timeline-hit.ts'
import type { Timeline } from './use-timeline.ts'

type Drag =
  | { readonly kind: 'scrub' }
  | { readonly kind: 'marker'; readonly which: 'inMarker' | 'outMarker' }
  /** Moves it when it goes on, else a click. */
  | { readonly kind: 'shot'; readonly shot: ShotBoundary }
  /** Becomes a chosen range when it goes on, else a click. */
  | {
      readonly kind: 'lane'
      readonly objectId: number
      readonly fromX: number
      readonly fromFrame: number
      readonly keyframe: number | null
      readonly hasMoved: boolean
    }
  | { readonly kind: 'thumb'; readonly fromX: number; readonly range: FrameRange }
  | { readonly kind: 'hand'; readonly lastX: number }

const CLICK_SLOP_PX = 4

/** The pointer over the timeline: scrubs, moves markers, picks objects and chooses ranges. */
export function useTimelinePointer(timeline: Timeline) {
  const navigation = useNavigation()
  const playback = usePlayback()
  const selection = useSelection()

  const drag = shallowRef<Drag | null>(null)
  const hoverX = shallowRef<number | null>(null)
  const cursor = shallowRef('default')

  function frameAt(x: number): number {
    return frameIndexAt(timeline.scale.value, x, timeline.frameCount.value)
  }

  function hitAt(x: number, y: number): TimelineHit {
    return timelineHit(
      timeline.layout.value,
      timeline.scale.value,
      timeline.frameCount.value,
      {
        markers: timeline.markers.value,
        shots: timeline.shots.value,
        keyframesOf: (lane) => timeline.laneDrawings.value[lane]?.keyframes ?? [],
      },
      x,
      y,
    )
  }

  function place(event: MouseEvent): { x: number; y: number } {
    const box = (event.currentTarget as Element).getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }

  function scrubTo(x: number): void {
    const { widthPx } = timeline
    // Past the edge the film comes along.
    if (x < 0) timeline.scrollBy(x / 4)
    else if (x > widthPx.value) timeline.scrollBy((x - widthPx.value) / 4)
    selection.goToFrame(frameAt(Math.max(0, Math.min(widthPx.value, x))))
  }

  function begin(hit: TimelineHit, x: number): Drag | null {
    switch (hit.kind) {
      case 'scrub':
        playback.pause()
        timeline.hold(true)
        timeline.chosenRange.value = null
        scrubTo(x)
        return { kind: 'scrub' }
      case 'inMarker':
      case 'outMarker':
        return { kind: 'marker', which: hit.kind }
      case 'shot':
        return hit
      case 'lane': {
        const objectId = timeline.laneDrawings.value[hit.lane]?.objectId
        if (objectId === undefined) return null
        const { frameIndex, keyframe } = hit
        return { kind: 'lane', objectId, fromX: x, fromFrame: frameIndex, keyframe, hasMoved: false }
      }
      case 'scrollBar':
        if (!hit.onThumb)
          timeline.scrollBy((x < timeline.widthPx.value / 2 ? -0.9 : 0.9) * timeline.widthPx.value)
        return { kind: 'thumb', fromX: x, range: timeline.range.value }
      case 'nothing':
        return null
    }
  }

  function move(now: Drag, x: number): Drag {
    const { scale, frameCount } = timeline
    switch (now.kind) {
      case 'scrub':
        scrubTo(x)
        return now
      case 'marker': {
        const markers = selection.markers
        timeline.draggedMarkers.value = draggedMarkers(scale.value, frameCount.value, markers, now.which, x)
        return now
      }
      case 'shot':
        timeline.draggedShot.value = {
          shotId: now.shot.id,
          frameIndex: draggedShotFrame(scale.value, frameCount.value, x),
        }
        return now
      case 'lane': {
        if (!now.hasMoved && Math.abs(x - now.fromX) <= CLICK_SLOP_PX) return now
        const frame = frameAt(x)
        timeline.chosenRange.value = {
          objectId: now.objectId,
          first: Math.min(now.fromFrame, frame),
          last: Math.max(now.fromFrame, frame),
        }
        return { ...now, hasMoved: true }
      }
      case 'thumb':
        timeline.set(draggedThumb(now.range, scale.value, frameCount.value, x - now.fromX))
        return now
      case 'hand':
        timeline.scrollBy(now.lastX - x)
        return { kind: 'hand', lastX: x }
    }
  }

  function end(done: Drag, adds: boolean): void {
    timeline.hold(false)
    const markers = timeline.draggedMarkers.value
    if (done.kind === 'marker' && markers !== null) {
      void selection.setMarkers(markers)
      timeline.draggedMarkers.value = null
    }
    if (done.kind === 'shot') {
      void endShot(done.shot)
      return
    }
    if (done.kind !== 'lane') return
    if (adds && !done.hasMoved) selection.toggleObject(done.objectId)
    else selection.selectObject(done.objectId)
    if (done.hasMoved) return
    timeline.chosenRange.value = null
    if (adds) return
    playback.pause()
    selection.goToFrame(done.keyframe ?? done.fromFrame)
  }

  /** It stands where it was let go until the project says so, too. */
  async function endShot(shot: ShotBoundary): Promise<void> {
    const frameIndex = timeline.draggedShot.value?.frameIndex ?? shot.frameIndex
    if (frameIndex === shot.frameIndex) {
      playback.pause()
      selection.goToFrame(frameIndex)
    } else {
      await navigation.moveShot(shot.id, frameIndex)
    }
    timeline.draggedShot.value = null
  }

  function onPointerDown(event: PointerEvent): void {
    if (drag.value !== null || event.button > 1) return
    const { x, y } = place(event)
    ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
    drag.value = event.button === 1 ? { kind: 'hand', lastX: x } : begin(hitAt(x, y), x)
  }

  function onPointerMove(event: PointerEvent): void {
    const { x, y } = place(event)
    hoverX.value = x
    if (drag.value !== null) drag.value = move(drag.value, x)
    else cursor.value = cursorOf(hitAt(x, y))
  }

  function onPointerUp(event: PointerEvent): void {
    const done = drag.value
    drag.value = null
    if (done !== null) end(done, event.shiftKey || event.ctrlKey || event.metaKey)
  }

  /** Breaks off what is dragged; answers whether there was anything. */
  function cancel(): boolean {
    const wasBusy = drag.value !== null || timeline.chosenRange.value !== null
    drag.value = null
    timeline.hold(false)
    timeline.draggedMarkers.value = null
    timeline.draggedShot.value = null
    timeline.chosenRange.value = null
    return wasBusy
  }

  function onWheel(event: WheelEvent): void {
    const intent = wheelIntent(event)
    if (intent.kind === 'zoom') timeline.zoomAt(place(event).x, intent.factor)
    else if (intent.delta.x !== 0) timeline.scrollBy(-intent.delta.x)
    else timeline.scrollLanes(-intent.delta.y)
  }

  return {
    drag,
    hoverX,
    cursor,
    frameAt,
    cancel,
    onPointerDown,
    onPointerMove,
    onPointerUp,
    onWheel,
    onPointerLeave: (): void => {
      hoverX.value = null
    },
  }
}

function cursorOf(hit: TimelineHit): string {
  if (hit.kind === 'inMarker' || hit.kind === 'outMarker' || hit.kind === 'shot') return 'ew-resize'
  return hit.kind === 'lane' && hit.keyframe !== null ? 'pointer' : 'default'
}
