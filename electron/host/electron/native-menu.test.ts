import type { MenuItemConstructorOptions } from 'electron'
import { expect, test } from 'vitest'
import type { ApplicationMenu } from '../../contract/desktop-bridge.ts'
import { menuTemplate } from './native-menu.ts'

const menu: ApplicationMenu = [
  {
    title: 'Track',
    items: [
      { kind: 'action', action: 'track.start', title: 'Track', keys: 'T', enabled: true, checked: null },
      { kind: 'separator' },
      {
        kind: 'action',
        action: 'view.outline',
        title: 'Outline',
        keys: 'Ctrl+O',
        enabled: false,
        checked: true,
      },
      { kind: 'action', action: 'help.about', title: 'About', keys: null, enabled: true, checked: null },
    ],
  },
]

function itemsOf(template: MenuItemConstructorOptions[], title: string): MenuItemConstructorOptions[] {
  return template.find(({ label }) => label === title)?.submenu as MenuItemConstructorOptions[]
}

test('shows keys without listening to them, and runs what is chosen', () => {
  const chosen: string[] = []
  const items = itemsOf(
    menuTemplate(menu, (action) => chosen.push(action), 'linux'),
    'Track',
  )
  expect(items).toMatchObject([
    { label: 'Track', enabled: true, accelerator: 'T', registerAccelerator: false },
    { type: 'separator' },
    { label: 'Outline', enabled: false, type: 'checkbox', checked: true, accelerator: 'Ctrl+O' },
    { label: 'About' },
  ])
  expect(items[3]).not.toHaveProperty('accelerator')
  items[0]?.click?.({} as never, undefined, {} as never)
  expect(chosen).toEqual(['track.start'])
})

test('on macOS no key without a modifier is taken from text fields, which get the menu they need', () => {
  const template = menuTemplate(menu, () => {}, 'darwin')
  const items = itemsOf(template, 'Track')
  expect(items[0]).not.toHaveProperty('accelerator')
  expect(items[2]).toMatchObject({ accelerator: 'Ctrl+O' })
  expect(template[0]).toEqual({ role: 'appMenu' })
  expect(itemsOf(template, 'Text')).toContainEqual({ role: 'paste' })
})
