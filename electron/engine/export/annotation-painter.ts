import { channelsOf } from '../../contract/palette.ts'
import { decodeRunLength } from '../masks/run-length-mask.ts'
import { runLengthBox } from '../masks/run-length-measures.ts'
import { runLengthWithoutSpecks } from '../masks/run-length-pieces.ts'
import type { DecodedFrame, VideoSource } from '../video/video-source.ts'
import type { ExportObject, FrameMasks } from './frame-sink.ts'
import { drawLabelTag } from './label-tag.ts'
import { blitTag, placeTags } from './tag-placement.ts'
import { fillMask, OutlineDrawer, type Rgb } from './paint-overlay.ts'
import { copyFrame } from './painters.ts'
import type { FramePainter } from './video-sink.ts'

export interface AnnotationOptions {
  /** 0 leaves the picture as it is inside a mask, 1 covers it. */
  readonly fillOpacity: number
  /** Width of the outline in pixels of a picture 720 high; 0 draws none. */
  readonly outlinePx: number
  readonly labels: boolean
}

export const DEFAULT_ANNOTATION: AnnotationOptions = { fillOpacity: 0.42, outlinePx: 2, labels: true }

/**
 * Draws masks over the frame: all fills, all outlines, all name tags, each in the objects' order, so that no fill greys
 * an outline and no outline covers a name. Line width and type size grow with the picture's shorter side.
 */
export async function createAnnotationPainter(
  source: Pick<VideoSource, 'widthPx' | 'heightPx' | 'pixelAspectRatio'>,
  objects: readonly ExportObject[],
  options: AnnotationOptions = DEFAULT_ANNOTATION,
): Promise<FramePainter> {
  const { widthPx, heightPx, pixelAspectRatio } = source
  const shorterSidePx = Math.min(widthPx * pixelAspectRatio, heightPx)
  const lineWidthPx = options.outlinePx === 0 ? 0 : Math.max(1, (options.outlinePx * shorterSidePx) / 720)
  const outline = lineWidthPx === 0 ? null : new OutlineDrawer(widthPx, heightPx, lineWidthPx)
  const fontSizePx = Math.max(shorterSidePx * 0.023, Math.min(12, shorterSidePx * 0.08))
  const styles = await Promise.all(
    objects.map(async ({ objectId, name, colour }) => ({
      objectId,
      rgb: channelsOf(colour) as Rgb,
      tag: options.labels
        ? await drawLabelTag({ name, colour, fontSizePx, longestPx: widthPx * 0.36, pixelAspectRatio })
        : null,
    })),
  )

  // One mask at a time: many objects of a large picture would take much memory at once.
  const pixels = new Uint8Array(widthPx * heightPx)

  return {
    paint(frame: DecodedFrame, { masks }: FrameMasks, canvas): void {
      copyFrame(frame, canvas)
      const shown = styles.flatMap((style) => {
        const runs = masks.find((mask) => mask.objectId === style.objectId)?.mask
        const box = runs === undefined ? null : runLengthBox(runs)
        return runs === undefined || box === null ? [] : [{ ...style, runs, box }]
      })
      if (options.fillOpacity > 0)
        for (const { runs, box, rgb } of shown)
          fillMask(canvas, decodeRunLength(runs, pixels), box, rgb, options.fillOpacity)
      if (outline !== null)
        for (const { runs, box, rgb } of shown) outline.draw(canvas, decodeRunLength(runs, pixels), box, rgb)
      // By the largest piece alone, so that specks elsewhere do not draw the name away from it.
      const labelled = shown.flatMap(({ tag, runs }) => {
        const box = tag === null ? null : runLengthBox(runLengthWithoutSpecks(runs, Infinity))
        return tag === null || box === null ? [] : [{ tag, box }]
      })
      const gapPx = Math.round(fontSizePx * 0.4)
      for (const { tag, leftPx, topPx } of placeTags(labelled, widthPx, heightPx, gapPx))
        blitTag(canvas, tag, leftPx, topPx, widthPx, heightPx)
    },
  }
}
