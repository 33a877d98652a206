import type { MenuItemConstructorOptions } from 'electron'
import type { ApplicationMenu, MenuItem } from '../../contract/desktop-bridge.ts'
import { toAccelerator } from './accelerator.ts'

/**
 * The menu of the interface's action table as Electron takes it. The interface listens to the keys itself, so the menu only
 * shows them; macOS cannot show without listening, so there only keys with a modifier are given, which do no harm while
 * someone types.
 */
export function menuTemplate(
  menu: ApplicationMenu,
  onAction: (action: string) => void,
  platform: NodeJS.Platform,
): MenuItemConstructorOptions[] {
  const own = menu.map(({ title, items }): MenuItemConstructorOptions => ({
    label: title,
    submenu: items.map((item) => menuItem(item, onAction, platform)),
  }))
  if (platform !== 'darwin') return own
  // Text fields get their keys from the menu there.
  const text: MenuItemConstructorOptions = {
    label: 'Text',
    submenu: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }],
  }
  return [{ role: 'appMenu' }, ...own, text, { role: 'windowMenu' }]
}

function menuItem(
  item: MenuItem,
  onAction: (action: string) => void,
  platform: NodeJS.Platform,
): MenuItemConstructorOptions {
  if (item.kind === 'separator') return { type: 'separator' }
  const accelerator = item.keys === null ? null : toAccelerator(item.keys)
  const shown = accelerator !== null && (platform !== 'darwin' || /(Command|Ctrl)\+/.test(accelerator))
  return {
    label: item.title,
    enabled: item.enabled,
    click: () => {
      onAction(item.action)
    },
    ...(item.checked === null ? {} : { type: 'checkbox' as const, checked: item.checked }),
    ...(shown ? { accelerator, registerAccelerator: false } : {}),
  }
}
