/** Frames of one shot that are looked at. */
export interface ShotSamples {
  readonly first: number
  readonly last: number
  readonly frames: readonly number[]
}

const samplesPerSecond = 1
/** More of a long video would not be worth the wait. */
const samplesPerVideo = 120

/**
 * Where an object is looked for: about once a second, at least once in every shot, never at a shot's very border, where
 * a fade may be.
 * @param shotStarts frames on which shots begin, beyond the first, in any order
 * @param durationSeconds of the whole video
 */
export function sampleFrames(
  frameCount: number,
  durationSeconds: number,
  shotStarts: readonly number[],
): ShotSamples[] {
  const starts = [0, ...shotStarts.filter((start) => start > 0 && start < frameCount)].sort((a, b) => a - b)
  const wanted = Math.min(Math.max(1, Math.round(durationSeconds * samplesPerSecond)), samplesPerVideo)
  return starts.map((first, shot) => {
    const last = (starts[shot + 1] ?? frameCount) - 1
    const length = last - first + 1
    const count = Math.max(1, Math.round((wanted * length) / frameCount))
    const frames = Array.from(
      { length: count },
      (_, place) => first + Math.floor(((place + 0.5) * length) / count),
    )
    return { first, last, frames: [...new Set(frames)] }
  })
}
