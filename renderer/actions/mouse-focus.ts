/** Buttons that open a menu or a list; they get the focus back when it closes. */
const OPENS_MENU = '[aria-haspopup], [role=combobox]'

/**
 * Takes the focus from a menu's button that got it by the mouse: there the space bar would open the menu again instead of
 * playing, and letters would choose from a list instead of reaching their actions. With the keyboard it stays.
 * @returns how to stop
 */
export function leaveMenuButtonsAfterMouse(target: Window): () => void {
  let byMouse = false
  const onPointerDown = (): void => {
    byMouse = true
  }
  const onKeyDown = (): void => {
    byMouse = false
  }
  const onFocusIn = ({ target: focused }: FocusEvent): void => {
    if (byMouse && focused instanceof HTMLElement && focused.matches(OPENS_MENU)) focused.blur()
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
