import { Group } from 'konva/lib/Group.js'
import type { Layer } from 'konva/lib/Layer.js'
import { Rect } from 'konva/lib/shapes/Rect.js'
import type { Box } from '../../electron/contract/prompts.ts'
import { toStage, type ViewTransform } from './view-transform.ts'

/** The part of the picture that the model looks at. */
export interface ViewMarkLook {
  /** In source pixels. */
  readonly view: Box
  readonly transform: ViewTransform
}

const DARK = '#00000070'
const LIGHT = '#ffffffa0'
const DASH_PX = 4

/** Draws a thin dashed line around the part of the picture that the model looks at, seen on any picture. */
export class ViewMark {
  readonly group = new Group()

  constructor(layer: Layer) {
    layer.add(this.group)
  }

  draw(look: ViewMarkLook | null): void {
    this.group.destroyChildren()
    if (look === null) return
    const { view, transform } = look
    const from = toStage(transform, { x: view.left, y: view.top })
    const to = toStage(transform, { x: view.right, y: view.bottom })
    const rect = { ...from, width: to.x - from.x, height: to.y - from.y, strokeWidth: 1 }
    const dash = [DASH_PX, DASH_PX]
    this.group.add(new Rect({ ...rect, dash, stroke: LIGHT }))
    this.group.add(new Rect({ ...rect, dash, dashOffset: DASH_PX, stroke: DARK }))
  }
}
