import type { DecodedFrame, VideoSource } from '../video/video-source.ts'
import { ExportFrameRefused } from './export-errors.ts'
import type { FrameMasks } from './frame-sink.ts'

/** Lets frames through in order, each once, with masks of their own frame and size. Remembers which. */
export class FrameGate {
  readonly #source: Pick<VideoSource, 'widthPx' | 'heightPx' | 'frameCount'>
  readonly #passed: number[] = []

  constructor(source: Pick<VideoSource, 'widthPx' | 'heightPx' | 'frameCount'>) {
    this.#source = source
  }

  /** Frame indices that passed, in order. */
  get passed(): readonly number[] {
    return this.#passed
  }

  /** @throws ExportFrameRefused with the reason */
  pass({ frameIndex, widthPx, heightPx }: DecodedFrame, masks: FrameMasks): void {
    const source = this.#source
    const last = this.#passed.at(-1) ?? -1
    if (frameIndex <= last) throw new ExportFrameRefused(`frame ${frameIndex} came after frame ${last}`)
    if (frameIndex >= source.frameCount)
      throw new ExportFrameRefused(`frame ${frameIndex} lies behind the video's end`)
    if (masks.frameIndex !== frameIndex)
      throw new ExportFrameRefused(`frame ${frameIndex} came with the masks of frame ${masks.frameIndex}`)
    if (widthPx !== source.widthPx || heightPx !== source.heightPx)
      throw new ExportFrameRefused(
        `frame ${frameIndex} is ${widthPx}x${heightPx}, its video ${source.widthPx}x${source.heightPx}`,
      )
    for (const { objectId, mask } of masks.masks) {
      if (mask.size[0] !== heightPx || mask.size[1] !== widthPx)
        throw new ExportFrameRefused(`the mask of object ${objectId} on frame ${frameIndex} has another size`)
    }
    this.#passed.push(frameIndex)
  }
}
