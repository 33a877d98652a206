import { computed, watch, type ComputedRef } from 'vue'
import type { ApplicationMenu, DesktopBridge, MenuItem } from '../../electron/contract/desktop-bridge.ts'
import { texts } from '../texts/texts.ts'
import type { Action } from './action.ts'
import { ACTION_GROUPS, useActions } from './action-table.ts'

/** The application menu as the action table says it now. */
export function useApplicationMenu(): { menu: ComputedRef<ApplicationMenu> } {
  const table = useActions()

  function itemOf(action: Action): MenuItem[] {
    const item: MenuItem = {
      kind: 'action',
      action: action.id,
      title: action.title,
      keys: table.keysOf(action.id),
      enabled: action.enabled(),
      checked: action.checked?.() ?? null,
    }
    return action.startsSection === true ? [{ kind: 'separator' }, item] : [item]
  }

  const menu = computed<ApplicationMenu>(() =>
    ACTION_GROUPS.map((group) => ({
      title: texts.actionGroups[group],
      items: table.actions
        .filter((action) => action.group === group && action.onlyKeys !== true)
        .flatMap(itemOf)
        // A section that begins the menu needs no line.
        .filter((item, index) => index > 0 || item.kind !== 'separator'),
    })),
  )
  return { menu }
}

/** Keeps a desktop host's native menu like the table, and runs what is chosen there. Returns how to stop. */
export function connectNativeMenu(bridge: DesktopBridge): () => void {
  const table = useActions()
  const { menu } = useApplicationMenu()
  const stopWatching = watch(
    () => JSON.stringify(menu.value),
    () => {
      bridge.setMenu(menu.value)
    },
    { immediate: true },
  )
  const stopListening = bridge.onAction((name) => {
    if (table.actions.some((action) => action.id === name)) table.run(name)
  })
  return () => {
    stopWatching()
    stopListening()
  }
}
