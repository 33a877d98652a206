import type { PromptRules } from '../tracking/tracking-options.ts'
import type { Mark } from '../../contract/history.ts'
import type { RunLengthMask } from '../../contract/mask.ts'
import type { Alternative } from '../../contract/prompts.ts'
import type { FrameMask } from '../../contract/tracking.ts'
import { isRunLengthEmpty, runLengthArea } from '../masks/run-length-measures.ts'
import { setPromptAnswer } from '../project/edits/mask-edits.ts'
import type { FramePlace } from '../project/edits/prompt-edits.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { unsuspectedScores } from '../tracking/suspicion.ts'
import type { Inference } from '../tracking/inference.ts'
import type { PromptAnswer } from '../tracking/tracker-protocol.ts'
import { PRIORITY } from '../tracking/work-queue.ts'
import { framePrompts, trackedVideo } from './frame-prompts.ts'
import { storedMemory } from '../runs/stored-memory.ts'
import { requireVideoFile } from '../project/edits/require-records.ts'

/** The answer to a prompt as the interface gets it. */
export interface ShownAnswer {
  readonly mask: FrameMask
  readonly alternatives: Alternative[]
  readonly chosenAlternative: number | null
}

/** The prompts, or what they correct, changed while the model was at it. */
const OVERTAKEN = Symbol('overtaken')

interface PendingAnswer {
  /** Of the newest edit that it answers. */
  mark: Mark
  readonly answer: Promise<ShownAnswer | null>
}

export interface PromptAnswersOptions {
  readonly store: ProjectStore
  readonly inference: Inference
  /** An answer needs this picture and waits for it. */
  onExpect(contentId: string, frameIndex: number): void
  rules(): PromptRules
  /** Name of the model of the settings, for answers that need none. */
  modelName(): string
  onGiveUp(contentId: string, frameIndex: number): void
  /** The stored mask as it is shown; told when it is on disk. */
  onStored(mask: FrameMask, revision: number): FrameMask
  /** No model could answer; the prompt is stored all the same. */
  onFailure(error: unknown): void
}

/**
 * Answers prompts with masks and stores these. Edits of one frame that come while its answer still waits are answered
 * together, by the prompts as they are then.
 */
export class PromptAnswers {
  readonly #options: PromptAnswersOptions
  readonly #pending = new Map<string, PendingAnswer>()

  constructor(options: PromptAnswersOptions) {
    this.#options = options
  }

  /** The mask for the prompts of a frame, stored with the step of `mark`; null when there is none to be had. */
  answer(place: FramePlace, mark: Mark): Promise<ShownAnswer | null> {
    const { store, inference } = this.#options
    const given = framePrompts(store, place)
    if (given === null) return Promise.resolve(null)
    if (given.kind === 'mask') return Promise.resolve(this.#store(place, asGiven(given.mask), mark))
    const key = `${String(place.videoId)}:${String(place.objectId)}:${String(place.frameIndex)}`
    const known = this.#pending.get(key)
    if (known !== undefined) {
      known.mark = mark
      return known.answer
    }
    const { contentId } = requireVideoFile(store.records, place.videoId)
    if (!inference.isEncoded(contentId, place.frameIndex)) this.#options.onExpect(contentId, place.frameIndex)
    const pending: PendingAnswer = {
      mark,
      answer: inference
        .run(PRIORITY.click, async (ask, loaded) => {
          // From here on further edits need an answer of their own.
          this.#pending.delete(key)
          const prompts = framePrompts(store, place)
          if (prompts === null) {
            this.#options.onGiveUp(contentId, place.frameIndex)
            return null
          }
          const video = trackedVideo(requireVideoFile(store.records, place.videoId))
          const rules = this.#options.rules()
          const { followZoom } = rules
          const memory = storedMemory(store, place, { followZoom, modelSizePx: loaded.inputSizePx })
          const { frameIndex } = place
          const found = await ask('answer', { video, frameIndex, prompts, memory, rules })
          const overtaken = JSON.stringify(framePrompts(store, place)) !== JSON.stringify(prompts)
          return overtaken ? OVERTAKEN : this.#store(place, found, pending.mark)
        })
        .catch((error: unknown) => {
          this.#pending.delete(key)
          this.#options.onGiveUp(contentId, place.frameIndex)
          this.#options.onFailure(error)
          return null
        })
        .then((answer) =>
          answer === OVERTAKEN
            ? (this.#pending.get(key)?.answer ?? this.answer(place, pending.mark))
            : answer,
        ),
    }
    this.#pending.set(key, pending)
    return pending.answer
  }

  /** On disk when this returns. */
  #store(place: FramePlace, found: PromptAnswer, mark: Mark): ShownAnswer | null {
    const { store, inference } = this.#options
    const scores = unsuspectedScores(found)
    const model = inference.loaded?.name ?? this.#options.modelName()
    const revision = setPromptAnswer(store, place, { mask: found.mask, scores, model }, mark)
    if (revision === null) return null
    const { videoId, objectId, frameIndex } = place
    const span = [...store.records.ofObject('spans', videoId, objectId)].find(
      ({ first, last }) => first <= frameIndex && frameIndex <= last,
    )
    if (span === undefined) return null
    const mask: FrameMask = {
      ...{ videoId, objectId, frameIndex },
      ...{ versionId: span.versionId, stale: span.stale },
      areaPx: runLengthArea(found.mask),
      mask: found.mask,
      ...scores,
    }
    return {
      mask: this.#options.onStored(mask, revision),
      alternatives: [...found.alternatives],
      chosenAlternative: found.chosenAlternative,
    }
  }
}

/** What was drawn is the answer itself: it is taken as it was drawn, not as a model sees it. */
function asGiven(mask: RunLengthMask): PromptAnswer {
  const objectScore = isRunLengthEmpty(mask) ? -10 : 10
  return { mask, objectScore, predictedIou: 1, stability: 1, alternatives: [], chosenAlternative: null }
}
