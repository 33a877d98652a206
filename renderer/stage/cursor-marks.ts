import { Group } from 'konva/lib/Group.js'
import type { Layer } from 'konva/lib/Layer.js'
import { Ellipse } from 'konva/lib/shapes/Ellipse.js'
import { Line } from 'konva/lib/shapes/Line.js'
import { Rect } from 'konva/lib/shapes/Rect.js'
import { toStage, type Point, type ViewTransform } from './view-transform.ts'

/** What goes with the pointer: places in stage pixels but for the lasso's corners, which are source pixels. */
export type CursorLook =
  | { readonly kind: 'brush'; readonly at: Point; readonly radius: Point; readonly erases: boolean }
  | { readonly kind: 'box'; readonly from: Point; readonly to: Point; readonly colour: string }
  | {
      readonly kind: 'lasso'
      readonly corners: readonly Point[]
      readonly transform: ViewTransform
      readonly colour: string
      readonly erases: boolean
    }
  | { readonly kind: 'crosshair'; readonly at: Point }

const SHADE = '#000000a0'
const ERASES = '#ff8f8f'
const ARM_PX = 12

/** Draws what goes with the pointer, each line over a darker one so that it is seen on any picture. */
export class CursorMarks {
  readonly group = new Group()

  constructor(layer: Layer) {
    layer.add(this.group)
  }

  draw(look: CursorLook | null): void {
    if (look === null && !this.group.hasChildren()) return
    this.group.destroyChildren()
    if (look === null) return
    switch (look.kind) {
      case 'brush': {
        const ring = { ...look.at, radiusX: look.radius.x, radiusY: look.radius.y }
        this.group.add(new Ellipse({ ...ring, stroke: SHADE, strokeWidth: 3 }))
        this.group.add(new Ellipse({ ...ring, stroke: look.erases ? ERASES : '#fff', strokeWidth: 1.25 }))
        return
      }
      case 'box': {
        const rect = {
          x: Math.min(look.from.x, look.to.x),
          y: Math.min(look.from.y, look.to.y),
          width: Math.abs(look.to.x - look.from.x),
          height: Math.abs(look.to.y - look.from.y),
        }
        this.group.add(new Rect({ ...rect, stroke: SHADE, strokeWidth: 3 }))
        this.group.add(new Rect({ ...rect, stroke: look.colour, strokeWidth: 1.5, dash: [6, 4] }))
        return
      }
      case 'lasso': {
        const points = look.corners.flatMap((corner) => {
          const at = toStage(look.transform, corner)
          return [at.x, at.y]
        })
        const line = { points, closed: points.length > 4, lineJoin: 'round' as const }
        this.group.add(new Line({ ...line, stroke: SHADE, strokeWidth: 3 }))
        const stroke = look.erases ? ERASES : look.colour
        this.group.add(new Line({ ...line, stroke, strokeWidth: 1.5, fill: `${stroke}38` }))
        return
      }
      case 'crosshair': {
        const arms = [
          [-ARM_PX, 0, -3, 0],
          [3, 0, ARM_PX, 0],
          [0, -ARM_PX, 0, -3],
          [0, 3, 0, ARM_PX],
        ]
        for (const points of arms) {
          this.group.add(new Line({ ...look.at, points, stroke: SHADE, strokeWidth: 4, lineCap: 'round' }))
        }
        for (const points of arms) {
          this.group.add(
            new Line({ ...look.at, points, stroke: '#fff', strokeWidth: 1.75, lineCap: 'round' }),
          )
        }
      }
    }
  }
}
