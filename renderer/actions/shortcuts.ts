import { matchKeyBindingPress, parseKeybinding, type KeyBindingPress } from 'tinykeys'
import { watchEffect } from 'vue'
import { useDialogs } from '../stores/dialogs.ts'
import type { Action } from './action.ts'
import { useActions } from './action-table.ts'

/** Keys that a focused control needs for itself. */
const KEYS_OF_BUTTONS = new Set(['Space', 'Enter'])
const KEYS_OF_MOVERS = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'])

const TYPING = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]'
const BUTTON = 'button, a[href], [role=button], [role=switch]'
const MOVER = '[role=slider], [role=tab], [role=radio], [role=separator], [role=combobox]'

function targetKeeps(event: KeyboardEvent): boolean {
  const target = event.target
  if (!(target instanceof Element)) return false
  if (target.matches(TYPING)) return true
  if (event.ctrlKey || event.metaKey) return false
  if (KEYS_OF_BUTTONS.has(event.code)) return !event.shiftKey && target.closest(BUTTON) !== null
  return KEYS_OF_MOVERS.has(event.code) && target.closest(MOVER) !== null
}

/**
 * Listens to the keys of all actions until it is stopped. Keys belong to the focused control first, and to an open
 * dialog.
 */
export function listenToShortcuts(target: Window): () => void {
  const table = useActions()
  const dialogs = useDialogs()
  let bindings: { press: KeyBindingPress; action: Action }[] = []

  const stopWatching = watchEffect(() => {
    bindings = table.actions.flatMap((action) =>
      action.keys.flatMap((chord) => {
        const press = parseKeybinding(chord)[0]
        return press === undefined ? [] : [{ press, action }]
      }),
    )
  })

  function onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || targetKeeps(event)) return
    if (
      dialogs.open !== null ||
      document.querySelector('[role=dialog], [role=alertdialog], [role=menu]') !== null
    )
      return
    const match = bindings.find(({ press }) => matchKeyBindingPress(event, press))
    if (match === undefined) return
    event.preventDefault()
    if (event.repeat && match.action.repeats !== true) return
    if (match.action.enabled()) match.action.run()
  }

  target.addEventListener('keydown', onKeyDown)
  return () => {
    stopWatching()
    target.removeEventListener('keydown', onKeyDown)
  }
}
