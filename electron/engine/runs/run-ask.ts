import type { TrackerRequests } from '../tracking/tracker-protocol.ts'

/** Asks the tracker thread about the walk of a run. @throws WalkLost when the thread has forgotten the walk */
export type RunAsk = <Name extends 'beginShot' | 'condition' | 'recall' | 'step' | 'divide'>(
  name: Name,
  params: Omit<TrackerRequests[Name]['params'], 'trackId'>,
) => Promise<TrackerRequests[Name]['result']>

/** The tracker thread has another model, or was started anew, and knows nothing of the walk any more. */
export class WalkLost extends Error {}
