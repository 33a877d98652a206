import { randomBytes } from 'node:crypto'
import type { CommandResult } from '../../contract/commands.ts'
import type { Mark } from '../../contract/history.ts'
import {
  addPoint,
  changePoint,
  chooseAlternative,
  clearFrame,
  deletePrompt,
  setBox,
  setMaskPrompt,
  type FramePlace,
  type PromptEdit,
} from '../project/edits/prompt-edits.ts'
import { requireVideoFile } from '../project/edits/require-records.ts'
import { UnknownRecordError } from '../project/project-errors.ts'
import type { EngineState } from '../session/engine-state.ts'
import { framePrompts, trackedVideo } from '../session/frame-prompts.ts'
import { MaskPreview } from '../session/mask-preview.ts'
import { passingRules, storedMemory } from '../runs/stored-memory.ts'
import { promptRulesOf, trackingOptionsOf } from '../tracking/tracking-options.ts'
import { PRIORITY } from '../tracking/work-queue.ts'
import type { EngineHandlers } from './engine-handlers.ts'

type Names =
  | 'prompt.addPoint'
  | 'prompt.movePoint'
  | 'prompt.setLabel'
  | 'prompt.setBox'
  | 'prompt.setMask'
  | 'prompt.delete'
  | 'prompt.clearFrame'
  | 'alternatives.list'
  | 'alternatives.choose'
  | 'preview.mask'

type PromptResult = CommandResult<'prompt.addPoint'>

export function promptHandlers(state: EngineState): EngineHandlers<Names> {
  const preview = new MaskPreview(state.inference)
  const rules = () => promptRulesOf(trackingOptionsOf(state.surroundings.settings.settings))

  /** Stores an edit, then the mask that follows from it, both as one step. */
  async function answered(
    place: FramePlace,
    mark: Mark | undefined,
    edit: (mark: Mark) => PromptEdit,
  ): Promise<PromptResult> {
    const { store, prompts } = state.session
    const stepMark = mark ?? `answer-${randomBytes(9).toString('hex')}`
    const { promptId } = edit(stepMark)
    const answer = await prompts.answer(place, stepMark)
    return { revision: store.revision, promptId, answer }
  }

  function placeOf(promptId: number): FramePlace {
    const prompt = state.session.store.records.get('prompts', promptId)
    if (prompt === undefined) throw new UnknownRecordError('prompt')
    const { videoId, objectId, frameIndex } = prompt
    return { videoId, objectId, frameIndex }
  }

  return {
    'prompt.addPoint': ({ x, y, label, ...place }, mark) =>
      answered(place, mark, (step) => addPoint(state.session.store, place, { x, y, label }, step)),
    'prompt.movePoint': ({ promptId, x, y }, mark) =>
      answered(placeOf(promptId), mark, (step) => changePoint(state.session.store, promptId, { x, y }, step)),
    'prompt.setLabel': ({ promptId, label }, mark) =>
      answered(placeOf(promptId), mark, (step) =>
        changePoint(state.session.store, promptId, { label }, step),
      ),
    'prompt.setBox': ({ box, ...place }, mark) =>
      answered(place, mark, (step) => setBox(state.session.store, place, box, step)),
    'prompt.setMask': ({ mask, origin, ...place }, mark) =>
      answered(place, mark, (step) => setMaskPrompt(state.session.store, place, { mask, origin }, step)),
    'prompt.delete': ({ promptId }, mark) =>
      answered(placeOf(promptId), mark, (step) => deletePrompt(state.session.store, promptId, step)),
    'prompt.clearFrame': (place, mark) =>
      answered(place, mark, (step) => clearFrame(state.session.store, place, step)),
    'alternatives.choose': ({ alternative, ...place }, mark) =>
      answered(place, mark, (step) => chooseAlternative(state.session.store, place, alternative, step)),
    'alternatives.list': async (place) => {
      const { store } = state.session
      const prompts = framePrompts(store, place)
      if (prompts === null || prompts.kind === 'mask') return { alternatives: [] }
      const video = trackedVideo(requireVideoFile(store.records, place.videoId))
      const { frameIndex } = place
      const { alternatives } = await state.inference.run(PRIORITY.preview, (ask, loaded) => {
        const own = rules()
        const options = { followZoom: own.followZoom, modelSizePx: loaded.inputSizePx }
        const memory = storedMemory(store, place, options)
        return ask('answer', { video, frameIndex, prompts, memory, rules: passingRules(own, memory) })
      })
      return { alternatives: [...alternatives] }
    },
    'preview.mask': (params) => preview.at(state.session.store, params, rules()),
  }
}
