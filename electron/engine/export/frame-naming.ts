/**
 * How frames are numbered and timed in every export. The number is the frame's place in the source's presentation
 * order plus `numberingStart`, whatever range or step is exported.
 */
export interface FrameNumbering {
  /** Frames of the whole source, not of the range. */
  readonly frameCount: number
  /** Number of the source's first frame; 0 unless the person wants another, 1001 for instance. */
  readonly numberingStart?: number
}

/** Least digits of a frame number in a file name, as in DAVIS. */
const leastDigits = 5

/** The number of a frame as digits, all of one length for one source: `00042`. */
export function frameNumber(frameIndex: number, numbering: FrameNumbering): string {
  const start = numbering.numberingStart ?? 0
  const digits = Math.max(leastDigits, String(start + numbering.frameCount - 1).length)
  return String(start + frameIndex).padStart(digits, '0')
}

/** Whether a file name is one that an export of numbered pictures gives. */
export function isFrameFileName(name: string, extension: string): boolean {
  return name.endsWith(`.${extension}`) && /^\d{5,}$/.test(name.slice(0, -extension.length - 1))
}

/** A presentation time for a file: seconds, rounded to the microsecond. */
export function exportedSeconds(timeSeconds: number): number {
  return Math.round(timeSeconds * 1e6) / 1e6
}
