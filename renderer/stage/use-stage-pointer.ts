import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import type { Prompt } from '../../electron/contract/prompts.ts'
import { newMark } from '../client/new-mark.ts'
import { isMac } from '../actions/key-labels.ts'
import { useMasks } from '../stores/masks.ts'
import { useNotices } from '../stores/notices.ts'
import { usePrompting } from '../stores/prompting.ts'
import { useSelection } from '../stores/selection.ts'
import { useView } from '../stores/view.ts'
import { texts } from '../texts/texts.ts'
import {
  cancelGesture,
  IDLE,
  pointerDown,
  pointerMove,
  pointerUp,
  type Gesture,
  type GestureScene,
  type GestureStep,
  type PointerSample,
  type StageIntent,
} from './gesture.ts'
import { objectAt, promptAt } from './hit-test.ts'
import { runsOf, type MaskRuns } from './mask-runs.ts'
import { paneLeft } from './stage-panes.ts'
import type { useMaskPainting } from './use-mask-painting.ts'
import type { useMaskPreview } from './use-mask-preview.ts'
import type { StageView } from './use-stage-view.ts'
import { isInside, pixelAt, toSource, type Point } from './view-transform.ts'
import type { FrameMask } from '../../electron/contract/tracking.ts'

const BUTTONS = ['primary', 'middle', 'secondary'] as const

const unpacked = new WeakMap<FrameMask, MaskRuns>()

function runsOnce(mask: FrameMask): MaskRuns {
  const runs = unpacked.get(mask) ?? runsOf(mask.mask)
  unpacked.set(mask, runs)
  return runs
}

/** The pointer over the stage: turns what it does into edits, and says what is to be drawn of it. */
export function useStagePointer(
  stageView: StageView,
  painting: ReturnType<typeof useMaskPainting>,
  preview: ReturnType<typeof useMaskPreview>,
  /** Whether the frame that edits go to is the one on the stage. */
  isCurrent: ComputedRef<boolean>,
) {
  const masks = useMasks()
  const notices = useNotices()
  const prompting = usePrompting()
  const selection = useSelection()
  const view = useView()

  const gesture = shallowRef<Gesture>(IDLE)
  /** In the pane, stage pixels; null while the pointer is elsewhere. */
  const pointer = shallowRef<Point | null>(null)
  /** Alt is held: positive is negative, brush is eraser. */
  const isTurned = shallowRef(false)

  const gestureScene = computed<GestureScene | null>(() => {
    const scene = stageView.scene.value
    if (scene === null) return null
    return {
      tool: selection.tool,
      panning: false,
      transform: scene.transform,
      picture: scene.picture,
      prompts: prompting.promptsHere,
    }
  })

  function pick(pixel: Point | null, add: boolean): void {
    const { videoId, frameIndex } = selection
    if (videoId === null) return
    const pickable = masks
      .masksOf(videoId, frameIndex)
      .filter((mask) => view.shownObjectIds.has(mask.objectId))
      .map((mask) => ({ objectId: mask.objectId, runs: runsOnce(mask) }))
    const found = pixel === null ? null : objectAt(pickable, pixel)
    if (found !== null && add) selection.toggleObject(found)
    else if (!add) selection.selectObject(found)
  }

  function promptById(promptId: number): Prompt | undefined {
    return prompting.promptsHere.find((prompt) => prompt.id === promptId)
  }

  function act(intent: StageIntent): void {
    switch (intent.kind) {
      case 'pan':
        stageView.panBy(intent.delta)
        return
      case 'addPoint':
        preview.stop()
        void prompting.addPoint({ ...intent.pixel, label: intent.label })
        return
      case 'pickObject':
        pick(intent.pixel, intent.add)
        return
      case 'selectPrompt':
        selection.selectedPromptId = intent.promptId
        return
      case 'movePoint': {
        const prompt = promptById(intent.promptId)
        if (prompt?.kind === 'point') void prompting.movePoint(prompt, intent.pixel, newMark())
        return
      }
      case 'setBox':
        void prompting.setBox(intent.box)
        return
      case 'beginStroke':
        painting.beginStroke()
        return
      case 'stroke':
        painting.stroke(intent.from, intent.to, intent.value)
        return
      case 'endStroke':
        void painting.endStroke(intent.value)
        return
      case 'lasso':
        void painting.lasso(intent.corners, intent.value)
        return
      case 'dropStroke':
        painting.drop()
        return
    }
  }

  function take(step: GestureStep): void {
    gesture.value = step.gesture
    step.intents.forEach(act)
  }

  /** Left edge of the pane that the pointer is in; a gesture stays in the one it began in. */
  let paneX = 0

  function locate(event: MouseEvent, target: Element): Point {
    const box = target.getBoundingClientRect()
    const x = event.clientX - box.left
    const scene = stageView.scene.value
    if (scene !== null && gesture.value.kind === 'idle') paneX = paneLeft(scene.stage, scene.mode, x)
    return { x: x - paneX, y: event.clientY - box.top }
  }

  function sampleOf(event: PointerEvent, target: Element): PointerSample {
    return {
      at: locate(event, target),
      button: BUTTONS[event.button] ?? 'primary',
      alt: event.altKey,
      shift: event.shiftKey,
    }
  }

  function mayEdit(): boolean {
    if (!isCurrent.value) return false
    const { object, tool } = selection
    if (tool === 'select' || object?.locked !== true) return true
    notices.add({ level: 'information', code: 'ObjectLocked', message: texts.stage.locked(object.name) })
    return false
  }

  function onPointerDown(event: PointerEvent): void {
    const scene = gestureScene.value
    if (scene === null || gesture.value.kind !== 'idle' || event.button > 2) return
    const target = event.currentTarget as HTMLElement
    const sample = sampleOf(event, target)
    const panning = sample.button === 'middle' || (isMac() ? event.metaKey : event.ctrlKey)
    if (!panning && !mayEdit()) return
    target.setPointerCapture(event.pointerId)
    take(pointerDown({ ...scene, panning }, sample))
  }

  function onPointerMove(event: PointerEvent): void {
    const scene = gestureScene.value
    if (scene === null) return
    const target = event.currentTarget as HTMLElement
    // The browser bundles moves; a stroke needs them all.
    const bundled = gesture.value.kind === 'stroke' ? event.getCoalescedEvents() : []
    for (const part of bundled.length > 0 ? bundled : [event]) {
      const sample = sampleOf(part, target)
      pointer.value = sample.at
      take(pointerMove(scene, gesture.value, sample))
    }
    onModifiers(event)
  }

  function onPointerUp(event: PointerEvent): void {
    const scene = gestureScene.value
    if (scene !== null)
      take(pointerUp(scene, gesture.value, sampleOf(event, event.currentTarget as HTMLElement)))
  }

  function onPointerLeave(): void {
    if (gesture.value.kind !== 'idle') return
    pointer.value = null
    preview.stop()
  }

  /** Breaks off what the pointer is in the middle of; answers whether there was anything. */
  function cancel(): boolean {
    const wasBusy = gesture.value.kind !== 'idle'
    take(cancelGesture(gesture.value))
    return wasBusy
  }

  /** Shift shows what a click would give; Alt turns it into its opposite. */
  function onModifiers({ shiftKey, altKey }: { readonly shiftKey: boolean; readonly altKey: boolean }): void {
    isTurned.value = altKey
    const scene = gestureScene.value
    const at = pointer.value
    const mayPreview =
      shiftKey && isCurrent.value && gesture.value.kind === 'idle' && selection.tool === 'point'
    const source = scene === null || at === null ? null : toSource(scene.transform, at)
    if (mayPreview && scene !== null && source !== null && isInside(source, scene.picture)) {
      preview.want(pixelAt(source, scene.picture), altKey ? 0 : 1)
    } else preview.stop()
  }

  /** Something to take hold of is under the pointer. */
  const overPrompt = computed(() => {
    const scene = gestureScene.value
    if (scene === null || pointer.value === null) return null
    if (['brush', 'eraser', 'lasso'].includes(scene.tool)) return null
    return promptAt(scene.prompts, scene.transform, pointer.value)
  })

  // Another frame or tool: what was begun for the one before must not end here.
  watch(
    () => [selection.videoId, selection.frameIndex, selection.tool],
    () => {
      cancel()
    },
  )

  return {
    gesture,
    pointer,
    isTurned,
    overPrompt,
    cancel,
    locate,
    pick,
    onModifiers,
    onPointerDown,
    onPointerMove,
    onPointerUp,
    onPointerLeave,
  }
}
