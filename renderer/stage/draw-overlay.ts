import { compositeMasks, sampleStep } from './composite-masks.ts'
import { runsOf, type MaskRuns, type PixelRect } from './mask-runs.ts'
import type { OverlayJob, OverlayMask } from './overlay-job.ts'
import { traceOutline, type OutlineStyle } from './trace-outline.ts'
import { showsHardPixels, visibleRegion, type ViewTransform } from './view-transform.ts'

/** Outlines leave the stage's edge alone: they are followed this far beyond what is seen, in samples. */
const MARGIN_SAMPLES = 3
const WIDTH_PX = { plain: 1.75, strong: 2.25, dashed: 1.75, preview: 2 } as const
const DASHES_PX = [6, 4]

/** Draws a job into a bitmap of the whole stage. Runs where OffscreenCanvas is, in a worker. */
export function drawOverlay(job: OverlayJob): ImageBitmap {
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(job.widthPx * job.pixelRatio)),
    Math.max(1, Math.round(job.heightPx * job.pixelRatio)),
  )
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('no 2D context in the worker')
  const drawn = job.masks.map((look) => ({ look, runs: runsOf(look.mask) }))
  const size = drawn[0]?.runs
  if (size !== undefined) {
    const transform = inDevicePixels(job.transform, job.pixelRatio)
    const step = sampleStep(Math.min(transform.scaleX, transform.scaleY))
    const stage = { widthPx: canvas.width, heightPx: canvas.height, pixelRatio: 1 }
    const picture = { widthPx: size.widthPx, heightPx: size.heightPx, pixelAspectRatio: 1 }
    const region = visibleRegion(transform, stage, picture, MARGIN_SAMPLES * step)
    if (region !== null) {
      const aligned = {
        ...region,
        left: region.left - (region.left % step),
        top: region.top - (region.top % step),
      }
      drawFills(context, drawn, aligned, step, transform)
      for (const { look, runs } of drawn)
        drawOutline(context, look, runs, aligned, step, transform, job.pixelRatio)
    }
  }
  return canvas.transferToImageBitmap()
}

interface Drawn {
  readonly look: OverlayMask
  readonly runs: MaskRuns
}

function drawFills(
  context: OffscreenCanvasRenderingContext2D,
  drawn: readonly Drawn[],
  region: PixelRect,
  step: number,
  transform: ViewTransform,
): void {
  const fills = drawn.map(({ look, runs }) => ({ runs, colour: look.colour, opacity: look.fillOpacity }))
  const { widthPx, heightPx, rgba } = compositeMasks(fills, region, step)
  if (widthPx === 0 || heightPx === 0) return
  const sampled = new OffscreenCanvas(widthPx, heightPx)
  sampled.getContext('2d')?.putImageData(new ImageData(rgba, widthPx, heightPx), 0, 0)
  context.imageSmoothingEnabled = !showsHardPixels(transform, { widthPx: 0, heightPx: 0, pixelRatio: 1 })
  context.imageSmoothingQuality = 'high'
  context.drawImage(
    sampled,
    transform.offsetX + region.left * transform.scaleX,
    transform.offsetY + region.top * transform.scaleY,
    widthPx * step * transform.scaleX,
    heightPx * step * transform.scaleY,
  )
}

function drawOutline(
  context: OffscreenCanvasRenderingContext2D,
  look: OverlayMask,
  runs: MaskRuns,
  region: PixelRect,
  step: number,
  transform: ViewTransform,
  pixelRatio: number,
): void {
  if (look.outline === 'none') return
  const style: OutlineStyle = showsHardPixels(transform, { widthPx: 0, heightPx: 0, pixelRatio: 1 })
    ? 'corners'
    : 'midpoints'
  const line = new Path2D()
  for (const path of traceOutline(runs, region, step, style)) {
    for (let i = 0; i < path.length; i += 2) {
      const x = transform.offsetX + path[i]! * transform.scaleX
      const y = transform.offsetY + path[i + 1]! * transform.scaleY
      if (i === 0) line.moveTo(x, y)
      else line.lineTo(x, y)
    }
    line.closePath()
  }
  context.lineJoin = 'round'
  context.lineWidth = WIDTH_PX[look.outline] * pixelRatio
  context.setLineDash(look.outline === 'dashed' ? DASHES_PX.map((dash) => dash * pixelRatio) : [])
  context.strokeStyle = look.outline === 'preview' ? '#ffffff' : `rgb(${look.colour.join(' ')})`
  context.stroke(line)
}

function inDevicePixels(transform: ViewTransform, pixelRatio: number): ViewTransform {
  return {
    offsetX: transform.offsetX * pixelRatio,
    offsetY: transform.offsetY * pixelRatio,
    scaleX: transform.scaleX * pixelRatio,
    scaleY: transform.scaleY * pixelRatio,
  }
}
