import type { RunLengthMask } from '../../contract/mask.ts'
import type { DecodedFrame, FrameRange } from '../video/video-source.ts'

/** An object as exports show it. */
export interface ExportObject {
  readonly objectId: number
  readonly name: string
  /** `#rrggbb`. */
  readonly colour: string
}

/** An object's mask on one frame. The scores are null where no model gave the mask (drawn or imported). */
export interface ExportMask {
  readonly objectId: number
  /** Source size; empty where the object is absent. */
  readonly mask: RunLengthMask
  readonly objectScore: number | null
  readonly predictedIou: number | null
  /** 0 trustworthy to 1 surely wrong; null or left out where nobody judged it. */
  readonly suspicion?: number | null
}

/** All masks of one frame. What the predictor yields (`TrackedFrame`) fits; objects without an entry are absent. */
export interface FrameMasks {
  readonly frameIndex: number
  readonly masks: readonly ExportMask[]
}

/** What became of the sound. `leftOut` says why in `sentence`. */
export type AudioOutcome =
  { readonly kind: 'none' | 'copied' | 'converted' } | { readonly kind: 'leftOut'; readonly sentence: string }

/** What a sink has completed, for the person and for `verifyExport`. */
export type WrittenOutput =
  | {
      readonly kind: 'video'
      readonly path: string
      /** Where it lies until `commit`. */
      readonly stagedPath: string
      readonly frameIndices: readonly number[]
      /** Presentation time of each frame in the written file. */
      readonly timesSeconds: readonly number[]
      /** How far the file's own clock may be off the source's. */
      readonly toleranceSeconds: number
      readonly audio: AudioOutcome
    }
  | {
      readonly kind: 'pictures'
      readonly folder: string
      /** Where it lies until `commit`. */
      readonly stagedFolder: string
      readonly extension: 'png'
      /** File names without ending, in order. */
      readonly stems: readonly string[]
    }
  | {
      readonly kind: 'tracks'
      readonly path: string
      /** Where it lies until `commit`. */
      readonly stagedPath: string
      readonly frameIndices: readonly number[]
      readonly objectCount: number
    }
  | {
      readonly kind: 'dataset'
      /** The file or folder to look at first. */
      readonly path: string
      readonly frameIndices: readonly number[]
      /** Masks that are in the files. */
      readonly maskCount: number
      /** Masks that it was given but the format could not hold, and why, as sentences. */
      readonly leftOutCount: number
      readonly notes: readonly string[]
      /** Reads the files, before `commit`, and counts anew. */
      recount(): Promise<DatasetCount>
    }

/** What is found in the files of a data set. */
export interface DatasetCount {
  /** All that were written, those without masks too. */
  readonly frames: number
  readonly masks: number
}

/**
 * An export that takes frames one at a time, in presentation order, each once. One decode can feed several sinks; a
 * sink must not change the frame's pixels.
 *
 * A sink that threw is done for: only `abort` may follow.
 */
export interface FrameSink {
  /** Resolves when the next frame may come (back-pressure), not when the bytes are on disk. */
  write(frame: DecodedFrame, masks: FrameMasks): Promise<void>
  /**
   * Completes what was written so far, still under temporary names so that it can be checked: all of the range, or less
   * when the person stopped early. Without a single frame there is nothing.
   */
  finish(): Promise<readonly WrittenOutput[]>
  /** Gives everything its final name; after `finish`. */
  commit(): Promise<void>
  /** Removes everything temporary and ends child processes. Harmless after `commit` and when called twice. */
  abort(): Promise<void>
}

/** Which frames of the source are exported; numbering and times in data files stay those of the source. */
export interface ExportSelection {
  readonly range: FrameRange
  /** Every n-th frame from `range.first` on; 1 takes all. */
  readonly step: number
}

/** The frame indices of a selection, in order. */
export function selectedFrames({ range, step }: ExportSelection): number[] {
  const indices: number[] = []
  for (let index = range.first; index <= range.last; index += step) indices.push(index)
  return indices
}
