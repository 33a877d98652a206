import type { Mark } from '../../../contract/history.ts'
import { LIMITS } from '../../../contract/limits.ts'
import type { RunLengthMask } from '../../../contract/mask.ts'
import type { Box, Prompt } from '../../../contract/prompts.ts'
import { isRunLengthEmpty } from '../../masks/run-length-measures.ts'
import type { Draft } from '../draft.ts'
import { InvalidEditError, UnknownRecordError } from '../project-errors.ts'
import type { ProjectStore } from '../project-store.ts'
import type { RecordReader } from '../record-reader.ts'
import { sayPresence } from './presence-edits.ts'
import { requireFrame, requireMaskSize, requireUnlocked } from './require-records.ts'
import { setStaleAround, showVersion, spansWithin } from './span-edits.ts'

/** A frame of an object in a video. */
export interface FramePlace {
  readonly videoId: number
  readonly objectId: number
  readonly frameIndex: number
}

export interface PromptEdit {
  readonly revision: number
  readonly promptId: number | null
}

/** Prompts of an object on a frame, in the order in which they were set. */
export function promptsOnFrame(
  records: RecordReader,
  { videoId, objectId, frameIndex }: FramePlace,
): Prompt[] {
  return [...records.ofObject('prompts', videoId, objectId)]
    .filter((prompt) => prompt.frameIndex === frameIndex)
    .sort((a, b) => a.id - b.id)
}

function requirePlace(draft: Draft, { videoId, objectId, frameIndex }: FramePlace): void {
  requireUnlocked(draft, objectId)
  requireFrame(draft, videoId, frameIndex)
}

/** A choice is made between the masks for a frame's first prompt, and no longer counts when that becomes another one. */
function forgetChoice(draft: Draft, { videoId, objectId, frameIndex }: FramePlace): void {
  for (const choice of draft.ofObject('alternativeChoices', videoId, objectId)) {
    if (choice.frameIndex === frameIndex) draft.remove('alternativeChoices', choice.id)
  }
}

function dropKinds(draft: Draft, place: FramePlace, kinds: readonly Prompt['kind'][]): void {
  for (const prompt of promptsOnFrame(draft, place)) {
    if (kinds.includes(prompt.kind)) draft.remove('prompts', prompt.id)
  }
}

/** Who points at an object where it was said to be absent has changed their mind about that frame. */
function takeBackAbsence(draft: Draft, { videoId, objectId, frameIndex }: FramePlace): void {
  const saidAbsent = draft
    .ofObject('presence', videoId, objectId)
    .some(({ presence, first, last }) => presence === 'absent' && first <= frameIndex && frameIndex <= last)
  const frame = { videoId, objectId, first: frameIndex, last: frameIndex }
  if (saidAbsent) sayPresence(draft, frame, 'unknown')
}

function editFrame(
  store: ProjectStore,
  action: string,
  place: FramePlace,
  mark: Mark | undefined,
  work: (draft: Draft) => number | null,
): PromptEdit {
  const subject = store.records.get('objects', place.objectId)?.name ?? null
  const { revision, value } = store.edit({ action, subject, mark }, ({ draft }) => {
    requirePlace(draft, place)
    const promptId = work(draft)
    setStaleAround(draft, place, place.frameIndex)
    return promptId
  })
  return { revision, promptId: value }
}

/** Adds a point; a mask prompt on the frame gives way. A mask that was chosen for the first point is refined by the next. */
export function addPoint(
  store: ProjectStore,
  place: FramePlace,
  point: { x: number; y: number; label: 0 | 1 },
  mark?: Mark,
): PromptEdit {
  return editFrame(store, 'prompt.addPoint', place, mark, (draft) => {
    dropKinds(draft, place, ['mask'])
    if (promptsOnFrame(draft, place).length >= LIMITS.promptsPerFrame) {
      throw new InvalidEditError(`A frame takes ${String(LIMITS.promptsPerFrame)} points at most.`)
    }
    const { videoId, objectId, frameIndex } = place
    const { x, y, label } = point
    if (label === 1) takeBackAbsence(draft, place)
    const id = draft.newId()
    draft.put('prompts', { kind: 'point', id, videoId, objectId, frameIndex, x, y, label })
    return id
  })
}

/** Sets the frame's box; an earlier box and a mask prompt give way, points stay. */
export function setBox(store: ProjectStore, place: FramePlace, box: Box, mark?: Mark): PromptEdit {
  return editFrame(store, 'prompt.setBox', place, mark, (draft) => {
    const known = promptsOnFrame(draft, place).find(({ kind }) => kind === 'box')
    dropKinds(draft, place, ['mask'])
    forgetChoice(draft, place)
    takeBackAbsence(draft, place)
    const { videoId, objectId, frameIndex } = place
    const id = known?.id ?? draft.newId()
    draft.put('prompts', { kind: 'box', id, videoId, objectId, frameIndex, box })
    return id
  })
}

/** Sets the frame's mask prompt, at source size; all other prompts of the frame give way. */
export function setMaskPrompt(
  store: ProjectStore,
  place: FramePlace,
  prompt: { mask: RunLengthMask; origin: (Prompt & { kind: 'mask' })['origin'] },
  mark?: Mark,
): PromptEdit {
  return editFrame(store, 'prompt.setMask', place, mark, (draft) => {
    requireMaskSize(requireFrame(draft, place.videoId, place.frameIndex), prompt.mask)
    if (!isRunLengthEmpty(prompt.mask)) takeBackAbsence(draft, place)
    const known = promptsOnFrame(draft, place).find(({ kind }) => kind === 'mask')
    dropKinds(draft, place, ['point', 'box'])
    forgetChoice(draft, place)
    const { videoId, objectId, frameIndex } = place
    const id = known?.id ?? draft.newId()
    const { mask, origin } = prompt
    draft.put('prompts', { kind: 'mask', id, videoId, objectId, frameIndex, mask, origin })
    return id
  })
}

function requirePrompt(records: RecordReader, promptId: number): Prompt {
  const prompt = records.get('prompts', promptId)
  if (prompt === undefined) throw new UnknownRecordError('prompt')
  return prompt
}

/** Moves a point or gives it the other label. */
export function changePoint(
  store: ProjectStore,
  promptId: number,
  change: { x?: number; y?: number; label?: 0 | 1 },
  mark?: Mark,
): PromptEdit {
  const point = requirePrompt(store.records, promptId)
  if (point.kind !== 'point') throw new UnknownRecordError('point')
  const action = change.label === undefined ? 'prompt.movePoint' : 'prompt.setLabel'
  return editFrame(store, action, point, mark, (draft) => {
    draft.put('prompts', { ...point, ...change })
    if (promptsOnFrame(draft, point)[0]?.id === promptId) forgetChoice(draft, point)
    return promptId
  })
}

/**
 * Once a frame has no prompts, the mask they gave goes, too; where a track runs through the frame on either side, its
 * own mask of the frame comes back.
 */
function withdrawAnswer(draft: Draft, place: FramePlace, hasMask: (versionId: number) => boolean): void {
  const { frameIndex } = place
  const here = spansWithin(draft, place, { first: frameIndex, last: frameIndex })[0]
  if (here === undefined || draft.get('versions', here.versionId)?.origin !== 'prompt') return
  const neighbours = spansWithin(draft, place, { first: Math.max(0, frameIndex - 1), last: frameIndex + 1 })
  const beneath = neighbours.find(({ versionId }) => versionId !== here.versionId && hasMask(versionId))
  const shown = beneath === undefined ? null : { versionId: beneath.versionId, stale: true }
  showVersion(draft, place, { first: frameIndex, last: frameIndex }, shown)
}

function removePrompts(
  store: ProjectStore,
  action: string,
  place: FramePlace,
  mark: Mark | undefined,
  isRemoved: (prompt: Prompt) => boolean,
): PromptEdit {
  const subject = store.records.get('objects', place.objectId)?.name ?? null
  const { revision } = store.edit({ action, subject, mark }, ({ draft, readMask }) => {
    requirePlace(draft, place)
    const prompts = promptsOnFrame(draft, place)
    for (const prompt of prompts) if (isRemoved(prompt)) draft.remove('prompts', prompt.id)
    if (prompts[0] === undefined || isRemoved(prompts[0])) forgetChoice(draft, place)
    setStaleAround(draft, place, place.frameIndex)
    if (promptsOnFrame(draft, place).length > 0) return
    withdrawAnswer(draft, place, (versionId) => readMask(versionId, place.frameIndex) !== null)
  })
  return { revision, promptId: null }
}

export function deletePrompt(store: ProjectStore, promptId: number, mark?: Mark): PromptEdit {
  const prompt = requirePrompt(store.records, promptId)
  return removePrompts(store, 'prompt.delete', prompt, mark, ({ id }) => id === promptId)
}

/** Takes all prompts of an object off a frame. */
export function clearFrame(store: ProjectStore, place: FramePlace, mark?: Mark): PromptEdit {
  return removePrompts(store, 'prompt.clearFrame', place, mark, () => true)
}

/** Remembers which of the model's offers the person took on a frame. The mask follows as the frame's answer. */
export function chooseAlternative(
  store: ProjectStore,
  place: FramePlace,
  alternative: number,
  mark?: Mark,
): PromptEdit {
  const subject = store.records.get('objects', place.objectId)?.name ?? null
  const { revision } = store.edit({ action: 'alternatives.choose', subject, mark }, ({ draft }) => {
    requirePlace(draft, place)
    if (promptsOnFrame(draft, place).length === 0) throw new UnknownRecordError('prompt')
    const { videoId, objectId, frameIndex } = place
    const known = draft
      .ofObject('alternativeChoices', videoId, objectId)
      .find((choice) => choice.frameIndex === frameIndex)
    const id = known?.id ?? draft.newId()
    draft.put('alternativeChoices', { id, videoId, objectId, frameIndex, alternative })
    setStaleAround(draft, place, frameIndex)
  })
  return { revision, promptId: null }
}
