import type { RunLengthMask } from '../../electron/contract/mask.ts'
import { maskBounds } from '../masks/run-length.ts'
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
  const transform = inDevicePixels(job.transform, job.pixelRatio)
  const step = sampleStep(Math.min(transform.scaleX, transform.scaleY))
  const drawn = job.masks.flatMap((look) => {
    const region = seenRegion(look.mask, transform, canvas, step)
    return region === null ? [] : [{ look, region, runs: runsOf(look.mask) }]
  })
  drawFills(context, drawn, step, transform)
  for (const mask of drawn) drawOutline(context, mask, step, transform, job.pixelRatio)
  return canvas.transferToImageBitmap()
}

interface Drawn {
  readonly look: OverlayMask
  readonly runs: MaskRuns
  /** The part of the mask that is seen, on the grid of samples. */
  readonly region: PixelRect
}

/** Where the mask and what is seen of the picture meet, with a margin; null where they do not. */
function seenRegion(
  mask: RunLengthMask,
  transform: ViewTransform,
  canvas: { readonly width: number; readonly height: number },
  step: number,
): PixelRect | null {
  const bounds = maskBounds(mask)
  const [heightPx, widthPx] = mask.size
  const stage = { widthPx: canvas.width, heightPx: canvas.height, pixelRatio: 1 }
  const picture = { widthPx, heightPx, pixelAspectRatio: 1 }
  const seen = visibleRegion(transform, stage, picture, MARGIN_SAMPLES * step)
  if (bounds === null || seen === null) return null
  const left = Math.max(seen.left, bounds.left)
  const top = Math.max(seen.top, bounds.top)
  const right = Math.min(seen.right, bounds.right)
  const bottom = Math.min(seen.bottom, bounds.bottom)
  return right > left && bottom > top
    ? { left: left - (left % step), top: top - (top % step), right, bottom }
    : null
}

function drawFills(
  context: OffscreenCanvasRenderingContext2D,
  drawn: readonly Drawn[],
  step: number,
  transform: ViewTransform,
): void {
  if (drawn.length === 0) return
  const region = {
    left: Math.min(...drawn.map((mask) => mask.region.left)),
    top: Math.min(...drawn.map((mask) => mask.region.top)),
    right: Math.max(...drawn.map((mask) => mask.region.right)),
    bottom: Math.max(...drawn.map((mask) => mask.region.bottom)),
  }
  const fills = drawn.map(({ look, runs }) => ({ runs, colour: look.colour, opacity: look.fillOpacity }))
  const { widthPx, heightPx, rgba } = compositeMasks(fills, region, step)
  const sampled = new OffscreenCanvas(widthPx, heightPx)
  sampled.getContext('2d')?.putImageData(new ImageData(rgba, widthPx, heightPx), 0, 0)
  context.imageSmoothingEnabled = !isCrisp(transform)
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
  { look, runs, region }: Drawn,
  step: number,
  transform: ViewTransform,
  pixelRatio: number,
): void {
  if (look.outline === 'none') return
  const style: OutlineStyle = isCrisp(transform) ? 'corners' : 'midpoints'
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

/** @param transform to device pixels */
function isCrisp(transform: ViewTransform): boolean {
  return showsHardPixels(transform, { widthPx: 0, heightPx: 0, pixelRatio: 1 })
}

function inDevicePixels(transform: ViewTransform, pixelRatio: number): ViewTransform {
  return {
    offsetX: transform.offsetX * pixelRatio,
    offsetY: transform.offsetY * pixelRatio,
    scaleX: transform.scaleX * pixelRatio,
    scaleY: transform.scaleY * pixelRatio,
  }
}
