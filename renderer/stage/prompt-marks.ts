import { Group } from 'konva/lib/Group.js'
import type { Layer } from 'konva/lib/Layer.js'
import { Circle } from 'konva/lib/shapes/Circle.js'
import { Line } from 'konva/lib/shapes/Line.js'
import { Rect } from 'konva/lib/shapes/Rect.js'
import type { Box, Prompt } from '../../electron/contract/prompts.ts'
import { boxCorners, pointCentre } from './hit-test.ts'
import { toStage, type Point, type ViewTransform } from './view-transform.ts'

/** What is drawn of the prompts of a frame. */
export interface PromptMarksLook {
  readonly prompts: readonly Prompt[]
  readonly selectedPromptId: number | null
  readonly transform: ViewTransform
  /** Colour of the object. */
  readonly colour: string
}

const POINT_RADIUS_PX = 7
const SIGN_REACH_PX = 3.25
const HANDLE_PX = 8
const POSITIVE = '#29b765'
const NEGATIVE = '#e5484d'
const SHADE = '#00000080'

/** Draws points and boxes at a size that does not change with the zoom. */
export class PromptMarks {
  readonly group = new Group()

  constructor(layer: Layer) {
    layer.add(this.group)
  }

  draw(look: PromptMarksLook | null): void {
    this.group.destroyChildren()
    if (look === null) return
    for (const prompt of look.prompts) {
      const isSelected = prompt.id === look.selectedPromptId
      if (prompt.kind === 'box') this.addBox(prompt.box, look, isSelected)
    }
    for (const prompt of look.prompts) {
      if (prompt.kind !== 'point') continue
      const at = toStage(look.transform, pointCentre(prompt))
      this.addPoint(at, prompt.label === 1, prompt.id === look.selectedPromptId)
    }
  }

  private addPoint(at: Point, isPositive: boolean, isSelected: boolean): void {
    if (isSelected) {
      this.group.add(new Circle({ ...at, radius: POINT_RADIUS_PX + 4.5, stroke: SHADE, strokeWidth: 3 }))
      this.group.add(new Circle({ ...at, radius: POINT_RADIUS_PX + 4.5, stroke: '#fff', strokeWidth: 1.5 }))
    }
    const disc = { ...at, radius: POINT_RADIUS_PX }
    this.group.add(new Circle({ ...disc, stroke: SHADE, strokeWidth: 4 }))
    this.group.add(
      new Circle({ ...disc, fill: isPositive ? POSITIVE : NEGATIVE, stroke: '#fff', strokeWidth: 2 }),
    )
    const sign = { ...at, stroke: '#fff', strokeWidth: 2, lineCap: 'round' as const }
    this.group.add(new Line({ ...sign, points: [-SIGN_REACH_PX, 0, SIGN_REACH_PX, 0] }))
    if (isPositive) this.group.add(new Line({ ...sign, points: [0, -SIGN_REACH_PX, 0, SIGN_REACH_PX] }))
  }

  private addBox(box: Box, look: PromptMarksLook, isSelected: boolean): void {
    const first = toStage(look.transform, { x: box.left, y: box.top })
    const last = toStage(look.transform, { x: box.right, y: box.bottom })
    const rect = { ...first, width: last.x - first.x, height: last.y - first.y }
    this.group.add(new Rect({ ...rect, stroke: SHADE, strokeWidth: 3 }))
    this.group.add(new Rect({ ...rect, stroke: isSelected ? '#fff' : look.colour, strokeWidth: 1.5 }))
    for (const corner of Object.values(boxCorners(box))) {
      const at = toStage(look.transform, corner)
      this.group.add(
        new Rect({
          x: at.x - HANDLE_PX / 2,
          y: at.y - HANDLE_PX / 2,
          width: HANDLE_PX,
          height: HANDLE_PX,
          cornerRadius: 2,
          fill: '#fff',
          stroke: SHADE,
          strokeWidth: 1,
        }),
      )
    }
  }
}
