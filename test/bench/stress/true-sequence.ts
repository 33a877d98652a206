import type { BinaryMask } from '../../../electron/engine/masks/binary-mask.ts'
import { openVideo } from '../../../electron/engine/video/open-video.ts'
import type { VideoSource } from '../../../electron/engine/video/video-source.ts'
import { maskOfObject, NoTrueMask, readTrueLabels, type Sequence } from '../davis-folder.ts'
import type { Picture } from './layers.ts'

/** A frame with the exact mask of its object. */
export interface TrueFrame {
  readonly picture: Picture
  readonly mask: BinaryMask
}

/** A sequence of a DAVIS folder, read frame by frame as it is asked for; its object is the first one of its first mask. */
export class TrueSequence {
  readonly name: string
  private readonly video: VideoSource
  private readonly sequence: Sequence
  private readonly objectId: number
  /** Frames that have a mask; only these are used. */
  private readonly frames: readonly number[]
  private readonly masks = new Map<number, Promise<BinaryMask>>()

  private constructor(video: VideoSource, sequence: Sequence, objectId: number) {
    this.name = sequence.name
    this.video = video
    this.sequence = sequence
    this.objectId = objectId
    this.frames = [...sequence.maskFiles.keys()]
  }

  /** @throws NoTrueMask for a sequence without an object in its first mask; UnusableTrueMask; what opening throws */
  static async open(sequence: Sequence): Promise<TrueSequence> {
    const [firstFile] = sequence.maskFiles.values()
    if (firstFile === undefined) throw new NoTrueMask(sequence)
    const video = await openVideo(sequence.framesFolder)
    const [objectId] = (await readTrueLabels(firstFile, video)).objectIds
    if (objectId === undefined) throw new NoTrueMask(sequence)
    return new TrueSequence(video, sequence, objectId)
  }

  get widthPx(): number {
    return this.video.widthPx
  }

  get heightPx(): number {
    return this.video.heightPx
  }

  get frameCount(): number {
    return this.frames.length
  }

  /** The frame at a step of a walk that turns round at either end. */
  indexAt(step: number): number {
    const last = Math.max(this.frameCount - 1, 1)
    const place = step % (2 * last)
    return Math.min(place <= last ? place : 2 * last - place, this.frameCount - 1)
  }

  async at(step: number): Promise<TrueFrame> {
    const frameIndex = this.frames[this.indexAt(step)]!
    const { rgb, widthPx, heightPx } = await this.video.frameAt(frameIndex)
    return { picture: { rgb, widthPx, heightPx }, mask: await this.maskAt(frameIndex) }
  }

  close(): Promise<void> {
    return this.video.close()
  }

  private maskAt(frameIndex: number): Promise<BinaryMask> {
    const known = this.masks.get(frameIndex)
    if (known) return known
    const file = this.sequence.maskFiles.get(frameIndex)!
    const mask = readTrueLabels(file, this.video).then((labels) => maskOfObject(labels, this.objectId))
    this.masks.set(frameIndex, mask)
    return mask
  }
}
