// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from 'vitest'
import { applicationMenuSchema } from '../../electron/contract/desktop-bridge.ts'
import { settingsPatchSchema } from '../../electron/contract/settings.ts'
import { openStudio, type OpenStudio } from '../testing/open-studio.ts'
import { useSelection } from '../stores/selection.ts'
import { ACTION_GROUPS, useActions } from './action-table.ts'
import { useApplicationMenu } from './application-menu.ts'

let studio: OpenStudio
let table: ReturnType<typeof useActions>

beforeEach(async () => {
  studio = await openStudio()
  table = useActions()
})

describe('the table', () => {
  test('names each action once and gives each a title', () => {
    const ids = table.defaults.map((action) => action.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const action of table.defaults) expect(action.title, action.id).toMatch(/\S/)
    expect(new Set(table.defaults.map((action) => action.group))).toEqual(new Set(ACTION_GROUPS))
  })

  test('gives no key twice', () => {
    const chords = table.defaults.flatMap((action) => action.keys)
    expect(chords.filter((chord, index) => chords.indexOf(chord) !== index)).toEqual([])
  })

  test('writes names and keys as the settings take them', () => {
    for (const action of table.defaults)
      for (const chord of [...action.keys, null])
        expect(settingsPatchSchema.safeParse({ shortcuts: { [action.id]: chord } }).success, action.id).toBe(
          true,
        )
  })

  test('offers titles that can be told apart', () => {
    const titles = table.defaults.map((action) => action.title)
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([])
  })

  test('holds nothing that fails to say whether it is enabled, with a project or without', async () => {
    for (const action of table.actions) expect(typeof action.enabled(), action.id).toBe('boolean')
    studio.host.emit('project.opened', { project: null, notices: [] })
    const enabled = table.actions.filter((action) => action.enabled()).map((action) => action.id)
    expect(enabled).toEqual([
      'project.create',
      'project.open',
      'project.openSample',
      'video.add',
      'video.addFolder',
      'settings.open',
      'view.theme',
      'palette.open',
      'help.open',
      'models.open',
      'licences.open',
      'diagnostics.copy',
    ])
  })
})

describe('keys of the person', () => {
  test('replace the default ones, and are taken from the action that had them', async () => {
    await table.rebind('play.toggle', 'KeyN')
    expect(table.action('play.toggle').keys).toEqual(['KeyN'])
    expect(table.action('object.add').keys).toEqual([])
    expect(studio.settings().shortcuts).toEqual({ 'play.toggle': 'KeyN', 'object.add': null })
    await table.resetKeys('object.add')
    expect(table.action('object.add').keys).toEqual(['KeyN'])
  })

  test('can be none', async () => {
    await table.rebind('play.toggle', null)
    expect(table.keysOf('play.toggle')).toBeNull()
  })
})

test('an action that is not enabled does not run', () => {
  const selection = useSelection()
  expect(table.run('play.stepForward')).toBe(true)
  expect(selection.frameIndex).toBe(1)
  expect(table.run('object.merge')).toBe(false)
})

test('the menu holds every action but rows of like keys, as a host takes it', () => {
  const { menu } = useApplicationMenu()
  const parts = applicationMenuSchema.parse(menu.value)
  const listed = parts.flatMap((part) =>
    part.items.flatMap((item) => (item.kind === 'action' ? [item.action] : [])),
  )
  expect(listed).toEqual(
    table.actions.filter((action) => action.onlyKeys !== true).map((action) => action.id),
  )
  for (const part of parts) expect(part.items[0]?.kind).toBe('action')
})
