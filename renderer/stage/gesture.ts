import type { Box, Prompt } from '../../electron/contract/prompts.ts'
import { promptAt, type BoxCorner } from './hit-test.ts'
import {
  isInside,
  pixelAt,
  toSource,
  toStage,
  type PictureSize,
  type Point,
  type ViewTransform,
} from './view-transform.ts'

export type StageTool = 'select' | 'point' | 'box' | 'brush' | 'eraser' | 'lasso'

/** What the pointer is in the middle of. Places named `at` are stage pixels, all others source pixels. */
export type Gesture =
  | { readonly kind: 'idle' }
  | { readonly kind: 'pan'; readonly at: Point }
  /** Becomes a click when the pointer is let go where it went down. */
  | { readonly kind: 'press'; readonly at: Point; readonly negative: boolean }
  | { readonly kind: 'box'; readonly at: Point; readonly from: Point; readonly to: Point }
  | { readonly kind: 'stroke'; readonly value: 0 | 1; readonly last: Point }
  | { readonly kind: 'lasso'; readonly value: 0 | 1; readonly corners: readonly Point[] }
  | {
      readonly kind: 'movePoint'
      readonly promptId: number
      readonly at: Point
      readonly pixel: Point | null
    }
  | {
      readonly kind: 'changeBox'
      readonly promptId: number
      readonly part: BoxCorner | 'edge'
      readonly at: Point
      readonly original: Box
      readonly box: Box | null
    }

/** What is to be done because of the pointer. */
export type StageIntent =
  | { readonly kind: 'pan'; readonly delta: Point }
  | { readonly kind: 'addPoint'; readonly pixel: Point; readonly label: 0 | 1 }
  | { readonly kind: 'pickObject'; readonly pixel: Point | null; readonly add: boolean }
  | { readonly kind: 'selectPrompt'; readonly promptId: number }
  | { readonly kind: 'movePoint'; readonly promptId: number; readonly pixel: Point }
  | { readonly kind: 'setBox'; readonly box: Box; readonly promptId: number | null }
  | { readonly kind: 'beginStroke'; readonly value: 0 | 1 }
  | { readonly kind: 'stroke'; readonly from: Point; readonly to: Point; readonly value: 0 | 1 }
  | { readonly kind: 'endStroke'; readonly value: 0 | 1 }
  | { readonly kind: 'lasso'; readonly corners: readonly Point[]; readonly value: 0 | 1 }
  | { readonly kind: 'dropStroke' }

export interface PointerSample {
  /** Stage pixels. */
  readonly at: Point
  readonly button: 'primary' | 'middle' | 'secondary'
  readonly alt: boolean
  readonly shift: boolean
}

/** What the stage shows while the pointer acts. */
export interface GestureScene {
  readonly tool: StageTool
  /** The hand is held (Space), so every button pans. */
  readonly panning: boolean
  readonly transform: ViewTransform
  readonly picture: PictureSize
  /** Prompts that can be taken hold of: those of the selected object on this frame. */
  readonly prompts: readonly Prompt[]
}

export interface GestureStep {
  readonly gesture: Gesture
  readonly intents: readonly StageIntent[]
}

export const IDLE: Gesture = { kind: 'idle' }
/** How far the pointer may stray in a click, stage pixels. */
const CLICK_SLOP_PX = 4
/** A lasso takes a new corner when the pointer went this far, stage pixels. */
const LASSO_STEP_PX = 2

export function pointerDown(scene: GestureScene, sample: PointerSample): GestureStep {
  const { at } = sample
  const source = toSource(scene.transform, at)
  if (scene.panning || sample.button === 'middle') return step({ kind: 'pan', at })
  const negative = sample.alt || sample.button === 'secondary'
  const hit = paints(scene.tool) ? null : promptAt(scene.prompts, scene.transform, at)
  if (hit !== null) {
    const select: StageIntent = { kind: 'selectPrompt', promptId: hit.promptId }
    if (sample.button === 'secondary') return step(IDLE, select)
    if (hit.part === 'point') {
      return step({ kind: 'movePoint', promptId: hit.promptId, at, pixel: null }, select)
    }
    const prompt = scene.prompts.find((other) => other.id === hit.promptId)
    if (prompt?.kind === 'box') {
      const held = { promptId: hit.promptId, part: hit.part, at, original: prompt.box, box: null }
      return step({ kind: 'changeBox', ...held }, select)
    }
  }
  switch (scene.tool) {
    case 'select':
    case 'point':
      return step({ kind: 'press', at, negative })
    case 'box':
      return sample.button === 'primary' ? step({ kind: 'box', at, from: source, to: source }) : step(IDLE)
    case 'brush':
    case 'eraser': {
      const value = (scene.tool === 'brush') === negative ? 0 : 1
      return step(
        { kind: 'stroke', value, last: source },
        { kind: 'beginStroke', value },
        { kind: 'stroke', from: source, to: source, value },
      )
    }
    case 'lasso':
      return step({ kind: 'lasso', value: negative ? 0 : 1, corners: [source] })
  }
}

export function pointerMove(scene: GestureScene, gesture: Gesture, sample: PointerSample): GestureStep {
  const { at } = sample
  const source = toSource(scene.transform, at)
  switch (gesture.kind) {
    case 'idle':
      return step(gesture)
    case 'pan':
      return step(
        { kind: 'pan', at },
        { kind: 'pan', delta: { x: at.x - gesture.at.x, y: at.y - gesture.at.y } },
      )
    case 'press': {
      // Dragging with the select tool moves the picture; with the point tool it does nothing, and the click is off.
      if (scene.tool !== 'select' || !strayed(gesture.at, at)) return step(gesture)
      const delta = { x: at.x - gesture.at.x, y: at.y - gesture.at.y }
      return step({ kind: 'pan', at }, { kind: 'pan', delta })
    }
    case 'box':
      return step({ ...gesture, to: source })
    case 'stroke':
      return step(
        { ...gesture, last: source },
        { kind: 'stroke', from: gesture.last, to: source, value: gesture.value },
      )
    case 'lasso': {
      const last = toStage(scene.transform, gesture.corners[gesture.corners.length - 1]!)
      const far = Math.hypot(at.x - last.x, at.y - last.y) >= LASSO_STEP_PX
      return step(far ? { ...gesture, corners: [...gesture.corners, source] } : gesture)
    }
    case 'movePoint':
      if (gesture.pixel === null && !strayed(gesture.at, at)) return step(gesture)
      return step({ ...gesture, pixel: pixelAt(source, scene.picture) })
    case 'changeBox': {
      if (gesture.box === null && !strayed(gesture.at, at)) return step(gesture)
      const origin = toSource(scene.transform, gesture.at)
      const delta = { x: source.x - origin.x, y: source.y - origin.y }
      return step({ ...gesture, box: changedBox(gesture.original, gesture.part, delta, scene.picture) })
    }
  }
}

export function pointerUp(scene: GestureScene, before: Gesture, sample: PointerSample): GestureStep {
  const { gesture, intents } = pointerMove(scene, before, sample)
  const source = toSource(scene.transform, sample.at)
  const end = (...more: StageIntent[]): GestureStep => step(IDLE, ...intents, ...more)
  switch (gesture.kind) {
    case 'idle':
    case 'pan':
      return end()
    case 'press': {
      if (strayed(gesture.at, sample.at)) return end()
      const inside = isInside(source, scene.picture)
      const pixel = inside ? pixelAt(source, scene.picture) : null
      if (scene.tool === 'select') return end({ kind: 'pickObject', pixel, add: sample.shift })
      if (pixel === null) return end()
      return end({ kind: 'addPoint', pixel, label: gesture.negative ? 0 : 1 })
    }
    case 'box': {
      if (!strayed(gesture.at, sample.at)) return end()
      const box = wholeBox(gesture.from, gesture.to, scene.picture)
      return box === null ? end() : end({ kind: 'setBox', box, promptId: null })
    }
    case 'stroke':
      return end({ kind: 'endStroke', value: gesture.value })
    case 'lasso':
      return gesture.corners.length < 3
        ? end()
        : end({ kind: 'lasso', corners: gesture.corners, value: gesture.value })
    case 'movePoint':
      return gesture.pixel === null
        ? end()
        : end({ kind: 'movePoint', promptId: gesture.promptId, pixel: gesture.pixel })
    case 'changeBox':
      return gesture.box === null
        ? end()
        : end({ kind: 'setBox', box: gesture.box, promptId: gesture.promptId })
  }
}

/** Escape, or the pointer was taken away: nothing of the gesture stays. */
export function cancelGesture(gesture: Gesture): GestureStep {
  return gesture.kind === 'stroke' ? step(IDLE, { kind: 'dropStroke' }) : step(IDLE)
}

/** The box between two places, grown to whole pixels and cut to the picture; null if nothing of it is inside. */
export function wholeBox(from: Point, to: Point, picture: PictureSize): Box | null {
  const left = Math.max(0, Math.floor(Math.min(from.x, to.x)))
  const top = Math.max(0, Math.floor(Math.min(from.y, to.y)))
  const right = Math.min(picture.widthPx, Math.ceil(Math.max(from.x, to.x)))
  const bottom = Math.min(picture.heightPx, Math.ceil(Math.max(from.y, to.y)))
  return right > left && bottom > top ? { left, top, right, bottom } : null
}

function changedBox(box: Box, part: BoxCorner | 'edge', delta: Point, picture: PictureSize): Box {
  if (part === 'edge') {
    const x = Math.round(Math.min(picture.widthPx - box.right, Math.max(-box.left, delta.x)))
    const y = Math.round(Math.min(picture.heightPx - box.bottom, Math.max(-box.top, delta.y)))
    return { left: box.left + x, top: box.top + y, right: box.right + x, bottom: box.bottom + y }
  }
  const isLeft = part === 'topLeft' || part === 'bottomLeft'
  const isTop = part === 'topLeft' || part === 'topRight'
  const fixed = { x: isLeft ? box.right : box.left, y: isTop ? box.bottom : box.top }
  const moved = {
    x: Math.round((isLeft ? box.left : box.right) + delta.x),
    y: Math.round((isTop ? box.top : box.bottom) + delta.y),
  }
  return wholeBox(fixed, moved, picture) ?? box
}

function paints(tool: StageTool): boolean {
  return tool === 'brush' || tool === 'eraser' || tool === 'lasso'
}

function strayed(from: Point, to: Point): boolean {
  return Math.hypot(to.x - from.x, to.y - from.y) > CLICK_SLOP_PX
}

function step(gesture: Gesture, ...intents: StageIntent[]): GestureStep {
  return { gesture, intents }
}
