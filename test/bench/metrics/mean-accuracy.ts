/** DAVIS' measures of one object on one frame, or a mean of several, each 0 to 1. */
export interface Accuracy {
  /** J, region similarity. */
  readonly region: number
  /** F, boundary accuracy. */
  readonly boundary: number
}

/** The plain mean; of nothing it is 0. */
export function meanAccuracy(parts: readonly Accuracy[]): Accuracy {
  const mean = (of: (part: Accuracy) => number): number =>
    parts.reduce((sum, part) => sum + of(part), 0) / Math.max(parts.length, 1)
  return { region: mean((part) => part.region), boundary: mean((part) => part.boundary) }
}

/** J&F: the mean of both measures. */
export function regionAndBoundary({ region, boundary }: Accuracy): number {
  return (region + boundary) / 2
}
