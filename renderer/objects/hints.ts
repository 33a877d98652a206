import { computed, watch, type ComputedRef } from 'vue'
import { usePrompting } from '../stores/prompting.ts'
import { useProject } from '../stores/project.ts'
import { useSelection } from '../stores/selection.ts'
import { useSettings } from '../stores/settings.ts'
import { useTracking } from '../stores/tracking.ts'
import { texts } from '../texts/texts.ts'

type HintName = keyof typeof texts.hints.steps

interface Hint {
  readonly name: HintName
  /** The time for it has come. */
  when(): boolean
  /** The person knows: it was done. */
  done(): boolean
}

/** One hint at a time for a first start: each goes when it was followed or put away, and never comes again. */
export function useHints(): { hint: ComputedRef<HintName | null>; dismiss: () => void } {
  const project = useProject()
  const prompting = usePrompting()
  const selection = useSelection()
  const settings = useSettings()
  const tracking = useTracking()

  const points = computed(() =>
    [...project.records.prompts.values()].filter((prompt) => prompt.kind === 'point'),
  )
  const hints: readonly Hint[] = [
    {
      name: 'click',
      when: () => selection.video !== null,
      done: () => project.records.prompts.size > 0,
    },
    {
      name: 'takeAway',
      when: () => prompting.promptsHere.length > 0,
      done: () => points.value.some((point) => point.label === 0),
    },
    {
      name: 'second',
      when: () => project.objects.length > 0,
      done: () => project.objects.length > 1,
    },
    {
      name: 'track',
      when: () => tracking.request !== null,
      done: () => project.records.runs.size > 0,
    },
    {
      name: 'correct',
      when: () => [...project.records.runs.values()].some((run) => run.state === 'finished'),
      done: () => [...project.records.runs.values()].some((run) => run.request.extent === 'untilAgreement'),
    },
    {
      name: 'help',
      when: () => project.records.runs.size > 0,
      done: () => false,
    },
  ]

  const current = computed<Hint | null>(() => {
    const { showHints, hintsSeen } = settings.settings
    if (!showHints || !settings.loaded) return null
    return hints.find((hint) => !hintsSeen.includes(hint.name) && hint.when()) ?? null
  })

  function dismiss(): void {
    if (current.value !== null) void settings.markHintSeen(current.value.name)
  }

  watch(
    () => current.value?.done() === true,
    (done) => {
      if (done) dismiss()
    },
    { immediate: true },
  )

  return { hint: computed(() => current.value?.name ?? null), dismiss }
}
