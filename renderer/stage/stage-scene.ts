import { Group } from 'konva/lib/Group.js'
import { Layer } from 'konva/lib/Layer.js'
import { Stage } from 'konva/lib/Stage.js'
import { Image as KonvaImage } from 'konva/lib/shapes/Image.js'
import { Rect } from 'konva/lib/shapes/Rect.js'
import { PromptMarks, type PromptMarksLook } from './prompt-marks.ts'
import { CursorMarks, type CursorLook } from './cursor-marks.ts'
import type { PaintedOverlay } from './overlay-painter.ts'
import { ViewMark, type ViewMarkLook } from './view-mark.ts'
import { stagePanes, type StageMode } from './stage-panes.ts'
import { showsHardPixels, type PictureSize, type ViewTransform, type Viewport } from './view-transform.ts'

/** Where and how the picture lies on the stage. */
export interface SceneView {
  /** The whole stage. */
  readonly stage: Viewport
  readonly mode: StageMode
  /** Within a pane. */
  readonly transform: ViewTransform
  readonly picture: PictureSize
}

type Drawable = ImageBitmap | HTMLCanvasElement

/**
 * The stage's layers: frame, masks, prompts, cursor. Plain Konva nodes, out of Vue's reach; pointers are not Konva's
 * business, so that everything they do can be tested without it.
 */
export class StageScene {
  private readonly stage: Stage
  private readonly frameLayer = new Layer({ listening: false })
  private readonly maskLayer = new Layer({ listening: false })
  private readonly promptLayer = new Layer({ listening: false })
  private readonly cursorLayer = new Layer({ listening: false })
  private readonly framePanes = [new Group(), new Group()]
  private readonly frames = [newImage(), newImage()]
  private readonly matteGround = new Rect({ fill: '#000', visible: false })
  private readonly maskPane = new Group()
  private readonly overlay = newImage()
  private readonly painting = newImage()
  private readonly viewMark: ViewMark
  private readonly prompts: PromptMarks
  private readonly cursor: CursorMarks
  private view: SceneView | null = null
  private shownOverlay: PaintedOverlay | null = null

  constructor(container: HTMLDivElement) {
    this.stage = new Stage({ container, width: 1, height: 1, listening: false })
    this.stage.add(this.frameLayer, this.maskLayer, this.promptLayer, this.cursorLayer)
    this.framePanes.forEach((pane, index) => {
      pane.add(this.frames[index]!)
      this.frameLayer.add(pane)
    })
    this.framePanes[0]!.add(this.matteGround)
    this.maskPane.add(this.overlay, this.painting)
    this.maskLayer.add(this.maskPane)
    this.viewMark = new ViewMark(this.promptLayer)
    this.prompts = new PromptMarks(this.promptLayer)
    this.cursor = new CursorMarks(this.cursorLayer)
  }

  destroy(): void {
    this.stage.destroy()
  }

  setView(view: SceneView): void {
    const before = this.view
    this.view = view
    const { stage, transform, mode, picture } = view
    const resized =
      before?.stage.widthPx !== stage.widthPx ||
      before.stage.heightPx !== stage.heightPx ||
      before.stage.pixelRatio !== stage.pixelRatio
    if (resized) this.resize(stage)
    const panes = stagePanes(stage, mode)
    this.framePanes.forEach((group, index) => {
      const pane = panes[index]
      group.visible(pane !== undefined)
      if (pane !== undefined) group.setAttrs({ x: pane.x, clip: clipOf(pane) })
    })
    const placed = {
      x: transform.offsetX,
      y: transform.offsetY,
      width: picture.widthPx * transform.scaleX,
      height: picture.heightPx * transform.scaleY,
    }
    for (const image of [...this.frames, this.painting]) {
      image.position({ x: placed.x, y: placed.y })
      image.size({ width: placed.width, height: placed.height })
    }
    this.frames[0]!.visible(mode !== 'mattes')
    this.matteGround.setAttrs({ ...placed, visible: mode === 'mattes' })
    this.frameLayer.imageSmoothingEnabled(!showsHardPixels(transform, stage))
    const working = panes[panes.length - 1]!
    for (const group of [this.maskPane, this.viewMark.group, this.prompts.group, this.cursor.group]) {
      group.setAttrs({ x: working.x, clip: clipOf(working) })
    }
    this.maskLayer.imageSmoothingEnabled(!showsHardPixels(transform, stage))
    this.placeOverlay()
  }

  /** The picture of a frame in any resolution; null shows none. */
  setPicture(picture: ImageBitmap | null): void {
    for (const frame of this.frames) frame.image(picture ?? undefined)
  }

  setOverlay(overlay: PaintedOverlay | null): void {
    this.shownOverlay = overlay
    this.placeOverlay()
  }

  /** The mask under the brush, at source size, in place of the one in the overlay. */
  setPainting(canvas: HTMLCanvasElement | null): void {
    this.painting.image(canvas ?? undefined)
    this.painting.visible(canvas !== null)
  }

  /** The canvas under the brush changed. */
  redrawPainting(): void {
    this.maskLayer.batchDraw()
  }

  setPrompts(look: PromptMarksLook | null): void {
    this.prompts.draw(look)
  }

  setViewMark(look: ViewMarkLook | null): void {
    this.viewMark.draw(look)
  }

  setCursor(look: CursorLook | null): void {
    this.cursor.draw(look)
  }

  private resize(viewport: Viewport): void {
    for (const layer of this.stage.getLayers()) layer.getCanvas().setPixelRatio(viewport.pixelRatio)
    this.stage.size({ width: viewport.widthPx, height: viewport.heightPx })
    for (const layer of [this.frameLayer, this.maskLayer]) {
      const context = layer.getNativeCanvasElement().getContext('2d')
      if (context !== null) context.imageSmoothingQuality = 'high'
    }
  }

  /** An overlay drawn for another view moves and grows with the picture until the one for this view comes. */
  private placeOverlay(): void {
    const { view, shownOverlay } = this
    if (view === null || shownOverlay === null) {
      this.overlay.image(undefined)
      return
    }
    const { job, picture } = shownOverlay
    const factorX = view.transform.scaleX / job.transform.scaleX
    const factorY = view.transform.scaleY / job.transform.scaleY
    this.overlay.setAttrs({
      image: picture,
      x: view.transform.offsetX - job.transform.offsetX * factorX,
      y: view.transform.offsetY - job.transform.offsetY * factorY,
      width: job.widthPx * factorX,
      height: job.heightPx * factorY,
    })
  }
}

function newImage(): KonvaImage {
  return new KonvaImage({ image: undefined as Drawable | undefined, perfectDrawEnabled: false })
}

function clipOf(pane: { readonly widthPx: number; readonly heightPx: number }) {
  return { x: 0, y: 0, width: pane.widthPx, height: pane.heightPx }
}
