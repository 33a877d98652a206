import { subtractRunLength } from '../masks/run-length-sets.ts'
import type { NewMask } from '../project/edits/mask-edits.ts'
import type { ProjectStore } from '../project/project-store.ts'
import type { RunAsk } from './run-ask.ts'
import { storedMaskAt } from './stored-mask.ts'

interface FrameMasks {
  readonly videoId: number
  readonly frameIndex: number
  /** What a run made of the frame. */
  readonly masks: readonly NewMask[]
}

/**
 * Gives each pixel of a frame to one object: what stands in the project keeps its pixels, the others go to the object
 * that the model is surest of.
 * @throws WalkLost
 */
export async function divideFrame(
  store: ProjectStore,
  ask: RunAsk,
  { videoId, frameIndex, masks }: FrameMasks,
): Promise<NewMask[]> {
  const made = new Set(masks.map(({ objectId }) => objectId))
  const divided = new Map(
    (made.size < 2 ? [] : await ask('divide', { objectIds: [...made], frameIndex })).map(
      ({ objectId, mask }) => [objectId, mask] as const,
    ),
  )
  const standing = [...store.records.all('objects')].flatMap(({ id }) => {
    const mask = made.has(id) ? null : storedMaskAt(store, { videoId, objectId: id, frameIndex })
    return mask === null ? [] : [mask]
  })
  return masks.map((mask) => {
    const own = divided.get(mask.objectId) ?? mask.mask
    return { ...mask, mask: standing.reduce(subtractRunLength, own) }
  })
}
