import { matchKeyBindingPress, parseKeybinding, type KeyBindingPress } from 'tinykeys'
import { watchEffect } from 'vue'
import { useDialogs } from '../stores/dialogs.ts'
import type { Action } from './action.ts'
import { useActions } from './action-table.ts'

/** Keys that controls with the focus need for themselves. */
const KEYS_OF_CONTROLS = new Set([
  'Space',
  'Enter',
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'Home',
  'End',
])

const TYPING = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]'
const CONTROL = 'button, a[href], [role=slider], [role=tab], [role=radio], [role=menuitem], [role=separator]'

function targetKeeps(event: KeyboardEvent): boolean {
  const target = event.target
  if (!(target instanceof Element)) return false
  if (target.matches(TYPING)) return true
  return (
    !event.ctrlKey &&
    !event.metaKey &&
    !event.shiftKey &&
    KEYS_OF_CONTROLS.has(event.code) &&
    target.closest(CONTROL) !== null
  )
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
