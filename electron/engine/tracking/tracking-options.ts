/**
 * Which frames an object is remembered by. `sam2` takes the newest ones, whatever was found there; `selective` leaves
 * out those where the mask is doubtful or the object is not seen.
 */
export type MemorySelection = 'sam2' | 'selective'

/** What the default mode does beyond the official predictor. */
export interface TrackingOptions {
  readonly memorySelection: MemorySelection
  /** A small object is looked at in a part of the frame that moves with it. */
  readonly followZoom: boolean
}

export const DEFAULT_TRACKING: TrackingOptions = {
  memorySelection: 'selective',
  followZoom: true,
}

/** The official rules: what the `reference` mode does. */
export const OFFICIAL_TRACKING: TrackingOptions = {
  memorySelection: 'sam2',
  followZoom: false,
}
