import { watchDebounced } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, shallowReactive, shallowRef } from 'vue'
import type { CommandResult } from '../../electron/contract/commands.ts'
import type { Mark } from '../../electron/contract/history.ts'
import type { RunLengthMask } from '../../electron/contract/mask.ts'
import type { Alternative, Box, Prompt } from '../../electron/contract/prompts.ts'
import { useClient } from '../client/current-client.ts'
import { newMark } from '../client/new-mark.ts'
import { useMasks } from './masks.ts'
import { usePlayback } from './playback.ts'
import { useProject } from './project.ts'
import { useSelection } from './selection.ts'

const LOAD_AFTER_MS = 120

interface Place {
  readonly videoId: number
  readonly objectId: number
  readonly frameIndex: number
}

interface Offer {
  readonly alternatives: readonly Alternative[]
  readonly chosen: number | null
}

type PromptAnswer = CommandResult<'prompt.addPoint'>
type MaskOrigin = 'brush' | 'eraser' | 'lasso'

function keyOf(place: Place): string {
  return `${place.videoId}:${place.objectId}:${place.frameIndex}`
}

/** Prompts of the selected object on the present frame, and what the model answers to them. */
export const usePrompting = defineStore('prompting', () => {
  const client = useClient()
  const project = useProject()
  const selection = useSelection()
  const masks = useMasks()
  const playback = usePlayback()

  /** Prompts that wait for their answer. */
  const pendingCount = shallowRef(0)
  /** Whether the present frame's picture is being encoded for a first click. */
  const encoding = shallowReactive(new Set<string>())
  const offers = shallowReactive(new Map<string, Offer>())

  client.on('image.encoding', ({ videoId, frameIndex, state }) => {
    const key = `${videoId}:${frameIndex}`
    if (state === 'encoding') encoding.add(key)
    else encoding.delete(key)
  })

  const place = computed<Place | null>(() =>
    selection.videoId === null || selection.objectId === null
      ? null
      : { videoId: selection.videoId, objectId: selection.objectId, frameIndex: selection.frameIndex },
  )
  const isEncoding = computed(() => encoding.has(`${selection.videoId}:${selection.frameIndex}`))

  const byPlace = computed(() => {
    const found = new Map<string, Prompt[]>()
    for (const prompt of project.records.prompts.values()) {
      const key = keyOf(prompt)
      const list = found.get(key)
      if (list === undefined) found.set(key, [prompt])
      else list.push(prompt)
    }
    return found
  })
  /** Prompts of one object on one frame, oldest first. */
  function promptsAt(at: Place): readonly Prompt[] {
    return byPlace.value.get(keyOf(at)) ?? []
  }
  const promptsHere = computed(() => (place.value === null ? [] : promptsAt(place.value)))
  const offerHere = computed<Offer>(
    () =>
      (place.value === null ? undefined : offers.get(keyOf(place.value))) ?? {
        alternatives: [],
        chosen: null,
      },
  )

  function take(at: Place, answer: PromptAnswer): void {
    if (answer.answer === null) offers.delete(keyOf(at))
    else {
      // What changed since then may have taken the mask back; the event that told it came before.
      if (answer.revision >= project.revision) masks.put([answer.answer.mask], answer.revision)
      offers.set(keyOf(at), {
        alternatives: answer.answer.alternatives,
        chosen: answer.answer.chosenAlternative,
      })
    }
  }

  async function ask(at: Place, call: () => Promise<PromptAnswer | null>): Promise<PromptAnswer | null> {
    playback.pause()
    pendingCount.value += 1
    try {
      const answer = await call()
      if (answer !== null) take(at, answer)
      return answer
    } finally {
      pendingCount.value -= 1
    }
  }

  /** The selected object, or a new one in the same step of the history. null when there is no video or it is locked. */
  async function placeForPrompt(mark: Mark): Promise<Place | null> {
    const videoId = selection.videoId
    const frameIndex = selection.frameIndex
    await selection.untilObjectIsMade()
    if (videoId === null || selection.object?.locked === true) return null
    if (selection.objectId === null) await selection.selectWhenMade(project.call('object.add', {}, mark))
    return selection.objectId === null ? null : { videoId, objectId: selection.objectId, frameIndex }
  }

  async function prompt(
    send: (at: Place, mark: Mark) => Promise<PromptAnswer | null>,
    mark: Mark,
  ): Promise<PromptAnswer | null> {
    const at = await placeForPrompt(mark)
    return at === null ? null : ask(at, () => send(at, mark))
  }

  /** Adds a point at source pixels to the selected object; `label` 1 belongs to it, 0 does not. */
  function addPoint(point: { x: number; y: number; label: 0 | 1 }): Promise<PromptAnswer | null> {
    return prompt((at, mark) => project.call('prompt.addPoint', { ...at, ...point }, mark), newMark())
  }

  function setBox(box: Box): Promise<PromptAnswer | null> {
    return prompt((at, mark) => project.call('prompt.setBox', { ...at, box }, mark), newMark())
  }

  /**
   * Makes a drawn mask of source size the mask prompt of the frame that is looked at now, as soon as it is there; null
   * when it cannot be had.
   */
  function setMask(drawn: Promise<RunLengthMask | null>, origin: MaskOrigin): Promise<PromptAnswer | null> {
    return prompt(async (at, mark) => {
      const mask = await drawn
      return mask === null ? null : project.call('prompt.setMask', { ...at, mask, origin }, mark)
    }, newMark())
  }

  /** Moves a point; calls of one drag carry the same mark and are undone together. */
  function movePoint(moved: Prompt, to: { x: number; y: number }, mark: Mark): Promise<PromptAnswer | null> {
    return ask(moved, () => project.call('prompt.movePoint', { promptId: moved.id, ...to }, mark))
  }

  function setLabel(changed: Prompt, label: 0 | 1): Promise<PromptAnswer | null> {
    return ask(changed, () => project.call('prompt.setLabel', { promptId: changed.id, label }))
  }

  async function deletePrompt(removed: Prompt): Promise<void> {
    if (selection.selectedPromptId === removed.id) selection.selectedPromptId = null
    await ask(removed, () => project.call('prompt.delete', { promptId: removed.id }))
  }

  /** Takes away all prompts of the selected object on the present frame. */
  async function clearFrame(): Promise<void> {
    const at = place.value
    if (at !== null) await ask(at, () => project.call('prompt.clearFrame', { ...at }))
  }

  async function chooseAlternative(alternative: number): Promise<void> {
    const at = place.value
    if (at !== null) await ask(at, () => project.call('alternatives.choose', { ...at, alternative }))
  }

  /** The next of the masks on offer, round and round. */
  async function cycleAlternative(): Promise<void> {
    const { alternatives, chosen } = offerHere.value
    if (alternatives.length > 1) await chooseAlternative(((chosen ?? -1) + 1) % alternatives.length)
  }

  /** Asks for the alternatives of a keyframe that was prompted earlier. */
  async function loadOffer(): Promise<void> {
    const at = place.value
    if (at === null || promptsHere.value.length === 0 || offers.has(keyOf(at))) return
    const answer = await client.call('alternatives.list', at).catch(() => null)
    if (answer === null || offers.has(keyOf(at))) return
    const choice = [...project.records.alternativeChoices.values()].find((made) => keyOf(made) === keyOf(at))
    offers.set(keyOf(at), { alternatives: answer.alternatives, chosen: choice?.alternative ?? null })
  }

  // When the playhead rests on a keyframe, and after undo and redo.
  watchDebounced(
    () => [place.value === null ? '' : keyOf(place.value), promptsHere.value, playback.playing] as const,
    () => {
      if (!playback.playing) void loadOffer()
    },
    { debounce: LOAD_AFTER_MS },
  )

  /** The mask that a point here would give; null when it was superseded or could not be had. */
  async function previewMask(point: {
    x: number
    y: number
    label: 0 | 1
  }): Promise<{ mask: RunLengthMask; predictedIou: number } | null> {
    if (selection.videoId === null) return null
    const { videoId, frameIndex, objectId } = selection
    const answer = await client
      .call('preview.mask', { videoId, frameIndex, objectId, ...point })
      .catch(() => null)
    return answer?.preview ?? null
  }

  project.onOpened(() => {
    offers.clear()
    encoding.clear()
  })
  // Undo and redo change prompts without an answer to take in; what was on offer for them is asked for again.
  project.onChanged((change, before) => {
    for (const collection of change.collections) {
      if (collection.collection !== 'prompts') continue
      for (const removed of collection.remove) {
        const prompt = before.prompts.get(removed)
        if (prompt !== undefined) offers.delete(keyOf(prompt))
      }
      for (const put of collection.put) if (pendingCount.value === 0) offers.delete(keyOf(put))
    }
  })

  return {
    place,
    pendingCount,
    isEncoding,
    promptsHere,
    promptsAt,
    offerHere,
    addPoint,
    setBox,
    setMask,
    movePoint,
    setLabel,
    deletePrompt,
    clearFrame,
    chooseAlternative,
    cycleAlternative,
    loadOffer,
    previewMask,
  }
})

export type { Offer, Place }
