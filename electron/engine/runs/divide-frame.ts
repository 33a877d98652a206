import type { RunLengthMask } from '../../contract/mask.ts'
import { subtractRunLength } from '../masks/run-length-sets.ts'
import type { ProjectStore } from '../project/project-store.ts'
import type { RunAsk } from './run-ask.ts'
import { storedMaskAt } from './stored-mask.ts'

interface ObjectMask {
  readonly objectId: number
  readonly mask: RunLengthMask
}

interface FrameMasks<Mask extends ObjectMask> {
  readonly videoId: number
  readonly frameIndex: number
  /** What a run made of the frame. */
  readonly masks: readonly Mask[]
}

/**
 * Gives each pixel of a frame to one object: what stands in the project keeps its pixels, the others go to the object
 * that the model is surest of.
 * @throws WalkLost
 */
export async function divideFrame<Mask extends ObjectMask>(
  store: ProjectStore,
  ask: RunAsk,
  { videoId, frameIndex, masks }: FrameMasks<Mask>,
): Promise<Mask[]> {
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
