/**
 * Buttons of the window that letters and the space bar would press or open, and lists that letters would choose from.
 * Those of a dialog keep the focus: their keys act on nothing else.
 */
const BUTTONS = 'button:not([role]), [aria-haspopup], [role=combobox]'
const DIALOGS = '[role=dialog], [role=alertdialog]'

/**
 * Takes the focus from a button that got it by the mouse, also when the menu that it opened gives it back: there the
 * space bar would press it again instead of playing. Who goes on with Tab keeps it.
 * @returns how to stop
 */
export function leaveButtonsAfterMouse(target: Window): () => void {
  let byMouse = false
  const onPointerDown = (): void => {
    byMouse = true
  }
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    if (key === 'Tab') byMouse = false
  }
  const onFocusIn = ({ target: focused }: FocusEvent): void => {
    if (!byMouse || !(focused instanceof HTMLElement)) return
    if (focused.matches(BUTTONS) && focused.closest(DIALOGS) === null) focused.blur()
  }
  target.addEventListener('pointerdown', onPointerDown, true)
  target.addEventListener('keydown', onKeyDown, true)
  target.addEventListener('focusin', onFocusIn)
  return () => {
    target.removeEventListener('pointerdown', onPointerDown, true)
    target.removeEventListener('keydown', onKeyDown, true)
    target.removeEventListener('focusin', onFocusIn)
  }
}
