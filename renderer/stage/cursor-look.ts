import type { CursorLook } from './cursor-marks.ts'
import type { Gesture, StageTool } from './gesture.ts'
import { toStage, type Point, type ViewTransform } from './view-transform.ts'

/** What the drawing at the pointer follows from. */
export interface CursorState {
  readonly tool: StageTool
  readonly gesture: Gesture
  /** Stage pixels; null while the pointer is elsewhere. */
  readonly pointer: Point | null
  /** Where the arrow keys point, stage pixels; null unless they do. */
  readonly keyboardPointer: Point | null
  readonly isTurned: boolean
  readonly transform: ViewTransform
  /** In stored pixels. */
  readonly brushRadius: Point
  /** Colour of the object. */
  readonly colour: string
}

/** What to draw at the pointer, beyond the system's own cursor. */
export function cursorLook(state: CursorState): CursorLook | null {
  const { gesture, transform, colour } = state
  switch (gesture.kind) {
    case 'box':
      return {
        kind: 'box',
        from: toStage(transform, gesture.from),
        to: toStage(transform, gesture.to),
        colour,
      }
    case 'lasso':
      return { kind: 'lasso', corners: gesture.corners, transform, colour, erases: gesture.value === 0 }
    default:
      break
  }
  if (state.keyboardPointer !== null) return { kind: 'crosshair', at: state.keyboardPointer }
  const isBrush = state.tool === 'brush' || state.tool === 'eraser'
  if (!isBrush || state.pointer === null || gesture.kind === 'pan') return null
  const erases =
    gesture.kind === 'stroke' ? gesture.value === 0 : (state.tool === 'eraser') !== state.isTurned
  const radius = { x: state.brushRadius.x * transform.scaleX, y: state.brushRadius.y * transform.scaleY }
  return { kind: 'brush', at: state.pointer, radius, erases }
}

/** The system's cursor over the stage, as CSS names it. */
export function systemCursor(
  tool: StageTool,
  gesture: Gesture,
  overPrompt: 'point' | 'edge' | 'topLeft' | 'topRight' | 'bottomLeft' | 'bottomRight' | null,
): string {
  if (gesture.kind === 'pan') return 'grabbing'
  const part =
    gesture.kind === 'changeBox' ? gesture.part : gesture.kind === 'movePoint' ? 'point' : overPrompt
  switch (part) {
    case 'point':
    case 'edge':
      return 'move'
    case 'topLeft':
    case 'bottomRight':
      return 'nwse-resize'
    case 'topRight':
    case 'bottomLeft':
      return 'nesw-resize'
    case null:
      break
  }
  if (tool === 'select') return 'default'
  return tool === 'brush' || tool === 'eraser' ? 'none' : 'crosshair'
}

/** Prompts as they are to be drawn while one of them is dragged. */
export function draggedPrompts<Item extends { readonly id: number; readonly kind: string }>(
  prompts: readonly Item[],
  gesture: Gesture,
): Item[] {
  return prompts.map((prompt) => {
    if (gesture.kind === 'movePoint' && gesture.promptId === prompt.id && gesture.pixel !== null) {
      return { ...prompt, ...gesture.pixel }
    }
    if (gesture.kind === 'changeBox' && gesture.promptId === prompt.id && gesture.box !== null) {
      return { ...prompt, box: gesture.box }
    }
    return prompt
  })
}
