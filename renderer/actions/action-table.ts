import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useSettings } from '../stores/settings.ts'
import { texts } from '../texts/texts.ts'
import type { Action, ActionDefinition, ActionGroup } from './action.ts'
import { editActions } from './edit-actions.ts'
import { fileActions } from './file-actions.ts'
import { helpActions } from './help-actions.ts'
import { keysLabel } from './key-labels.ts'
import { objectActions } from './object-actions.ts'
import { playActions } from './play-actions.ts'
import { promptActions } from './prompt-actions.ts'
import { trackActions } from './track-actions.ts'
import { viewActions } from './view-actions.ts'

export const ACTION_GROUPS: readonly ActionGroup[] = [
  'file',
  'edit',
  'object',
  'prompt',
  'track',
  'play',
  'view',
  'help',
]

type ActionText = keyof typeof texts.actions

function named(group: ActionGroup, definitions: readonly ActionDefinition[]): Action[] {
  return definitions.map((definition) => ({
    ...definition,
    group,
    keys: definition.keys ?? [],
    title: definition.title ?? texts.actions[definition.id as ActionText],
  }))
}

/** All actions of the interface, with the keys that the person gave them. */
export const useActions = defineStore('actions', () => {
  const settings = useSettings()

  const defaults: readonly Action[] = [
    ...named('file', fileActions()),
    ...named('edit', editActions()),
    ...named('object', objectActions()),
    ...named('prompt', promptActions()),
    ...named('track', trackActions()),
    ...named('play', playActions()),
    ...named('view', viewActions()),
    ...named('help', helpActions()),
  ]

  const actions = computed<readonly Action[]>(() =>
    defaults.map((action) => {
      const chosen = settings.settings.shortcuts[action.id]
      if (chosen === undefined) return action
      return { ...action, keys: chosen === null ? [] : [chosen] }
    }),
  )
  const byId = computed(() => new Map(actions.value.map((action) => [action.id, action])))

  function action(id: string): Action {
    const found = byId.value.get(id)
    if (found === undefined) throw new Error(`There is no action ${id}`)
    return found
  }

  /** The keys of an action to show beside it; null if it has none. */
  function keysOf(id: string): string | null {
    const chord = action(id).keys[0]
    return chord === undefined ? null : keysLabel(chord)
  }

  /** Runs an action if it is enabled; answers whether it was. */
  function run(id: string): boolean {
    const found = action(id)
    if (!found.enabled()) return false
    found.run()
    return true
  }

  /** Gives an action other keys, or none with null; an action that has them now loses them. */
  async function rebind(id: string, chord: string | null): Promise<void> {
    const shortcuts = { ...settings.settings.shortcuts, [id]: chord }
    if (chord !== null)
      for (const other of actions.value)
        if (other.id !== id && other.keys.includes(chord)) shortcuts[other.id] = null
    await settings.patch({ shortcuts })
  }

  /** Gives an action its own keys back. */
  async function resetKeys(id: string): Promise<void> {
    const { [id]: _dropped, ...shortcuts } = settings.settings.shortcuts
    await settings.patch({ shortcuts })
  }

  return { actions, defaults, action, keysOf, run, rebind, resetKeys }
})
