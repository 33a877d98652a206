import type { PromptRules } from '../tracking/tracking-options.ts'
import type { CommandParams, CommandResult } from '../../contract/commands.ts'
import { requireFrame } from '../project/edits/require-records.ts'
import type { ProjectStore } from '../project/project-store.ts'
import type { Inference } from '../tracking/inference.ts'
import type { FramePrompts } from '../tracking/tracker-protocol.ts'
import { PRIORITY } from '../tracking/work-queue.ts'
import { passingRules, storedMemory } from '../runs/stored-memory.ts'
import { framePrompts, maskBeneathPrompts, trackedVideo } from './frame-prompts.ts'

/** The mask under the pointer, never stored. Only the newest one asked for is worked out. */
export class MaskPreview {
  readonly #inference: Inference
  #newest = 0

  constructor(inference: Inference) {
    this.#inference = inference
  }

  async at(
    store: ProjectStore,
    { videoId, frameIndex, objectId, x, y, label }: CommandParams<'preview.mask'>,
    rules: PromptRules,
  ): Promise<CommandResult<'preview.mask'>> {
    const number = ++this.#newest
    const video = trackedVideo(requireFrame(store.records, videoId, frameIndex))
    const preview = await this.#inference.run(PRIORITY.preview, async (ask, loaded) => {
      if (number !== this.#newest) return null
      const prompts = withPoint(store, { videoId, frameIndex, objectId }, { x, y, label })
      const options = { followZoom: rules.followZoom, modelSizePx: loaded.inputSizePx }
      const memory =
        objectId === null ? null : storedMemory(store, { videoId, objectId, frameIndex }, options)
      const question = { video, frameIndex, prompts, memory, rules: passingRules(rules, memory) }
      const { mask, predictedIou } = await ask('answer', question)
      return { mask, predictedIou }
    })
    return { preview: number === this.#newest ? preview : null }
  }
}

/** The prompts of a frame as they would be with one more point. */
function withPoint(
  store: ProjectStore,
  { videoId, frameIndex, objectId }: { videoId: number; frameIndex: number; objectId: number | null },
  point: { x: number; y: number; label: 0 | 1 },
): FramePrompts {
  const place = objectId === null ? null : { videoId, objectId, frameIndex }
  const known = place === null ? null : framePrompts(store, place)
  const base = place === null ? null : maskBeneathPrompts(store, place)
  // A mask prompt gives way to points.
  if (known?.kind !== 'points') return { kind: 'points', points: [point], box: null, base, alternative: null }
  return { ...known, points: [...known.points, point] }
}
