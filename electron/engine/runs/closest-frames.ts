/** Conditioning frames attended to at most: as many as the official training saw, twice over. */
const attendedFrames = 8

/**
 * Which of an object's conditioning frames a frame attends to (`select_closest_cond_frames`): the nearest before, the
 * nearest from here on, then by distance.
 */
export function closestFrames(
  frames: readonly number[],
  frameIndex: number,
  limit: number = attendedFrames,
): number[] {
  if (frames.length <= limit) return [...frames]
  const before = frames.filter((index) => index < frameIndex)
  const after = frames.filter((index) => index >= frameIndex)
  const nearest = new Set<number>()
  if (before.length > 0) nearest.add(Math.max(...before))
  if (after.length > 0) nearest.add(Math.min(...after))
  const byDistance = frames
    .filter((index) => !nearest.has(index))
    .sort((a, b) => Math.abs(a - frameIndex) - Math.abs(b - frameIndex))
  return [...nearest, ...byDistance.slice(0, limit - nearest.size)]
}
