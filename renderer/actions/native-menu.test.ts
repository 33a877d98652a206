// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { nextTick } from 'vue'
import { applicationMenuSchema, type ApplicationMenu } from '../../electron/contract/desktop-bridge.ts'
import { openStudio } from '../testing/open-studio.ts'
import { useSelection } from '../stores/selection.ts'
import { connectNativeMenu } from './application-menu.ts'

test('a desktop host gets the menu, gets it anew when something changes, and its choices run', async () => {
  const { host } = await openStudio()
  const menus: ApplicationMenu[] = []
  let choose = (_action: string): void => undefined
  const stop = connectNativeMenu({
    connect: () => {
      throw new Error('the line is another matter')
    },
    setMenu: (menu) => menus.push(applicationMenuSchema.parse(structuredClone(menu))),
    onAction: (listener) => {
      choose = listener
      return () => undefined
    },
    acceptDroppedFile: () => Promise.resolve(null),
  })
  const isEnabled = (id: string): boolean | undefined =>
    menus
      .at(-1)
      ?.flatMap((part) => part.items)
      .flatMap((item) => (item.kind === 'action' && item.action === id ? [item.enabled] : []))[0]
  expect(isEnabled('export.open')).toBe(true)
  choose('play.stepForward')
  choose('no.such.action')
  expect(useSelection().frameIndex).toBe(1)
  host.emit('project.opened', { project: null, notices: [] })
  await nextTick()
  expect(isEnabled('export.open')).toBe(false)
  stop()
})
