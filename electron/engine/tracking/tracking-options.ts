import type { Settings } from '../../contract/settings.ts'

/**
 * Which frames an object is remembered by. `sam2` takes the newest ones, whatever was found there; `selective` leaves
 * out those where the object is not seen, looks for an object that was gone by the frames that show it well, and takes the
 * mean of the mask candidates instead of the best.
 */
export type MemorySelection = 'sam2' | 'selective'

/** What the default mode does beyond the official predictor. */
export interface TrackingOptions {
  readonly memorySelection: MemorySelection
  /** A small object is looked at in a part of the frame that moves with it. */
  readonly followZoom: boolean
  /** Shots are looked for on the way; memory of another shot does not enter the bank by itself. */
  readonly detectShots: boolean
  /** Each pixel goes to the object with the highest logit. */
  readonly exclusiveObjects: boolean
}

export const DEFAULT_TRACKING: TrackingOptions = {
  memorySelection: 'selective',
  followZoom: true,
  detectShots: true,
  exclusiveObjects: false,
}

/** The official rules: what the `reference` mode does. */
export const OFFICIAL_TRACKING: TrackingOptions = {
  memorySelection: 'sam2',
  followZoom: false,
  detectShots: false,
  exclusiveObjects: false,
}

/** What of it prompts are answered by. */
export interface PromptRules {
  /** A small object is seen from nearer by, as a walk sees it. */
  readonly followZoom: boolean
  /** A single point is answered by the mean of the candidates that agree with the best. */
  readonly isSelective: boolean
}

export function promptRulesOf({ followZoom, memorySelection }: TrackingOptions): PromptRules {
  return { followZoom, isSelective: memorySelection === 'selective' }
}

type TrackingSettings = Pick<
  Settings,
  'trackingMode' | 'memorySelection' | 'followZoom' | 'detectShots' | 'exclusiveObjects'
>

/** How the settings want objects to be followed. */
export function trackingOptionsOf(settings: TrackingSettings): TrackingOptions {
  if (settings.trackingMode === 'reference') return OFFICIAL_TRACKING
  const { memorySelection, followZoom, detectShots, exclusiveObjects } = settings
  return { memorySelection, followZoom: followZoom === 'auto', detectShots, exclusiveObjects }
}
