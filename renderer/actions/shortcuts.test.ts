// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStudio } from '../testing/open-studio.ts'
import { settled, type ScriptedHost } from '../testing/scripted-host.ts'
import { useDialogs } from '../stores/dialogs.ts'
import { usePlayback } from '../stores/playback.ts'
import { useSelection } from '../stores/selection.ts'
import { useActions } from './action-table.ts'
import { listenToShortcuts } from './shortcuts.ts'

let stop: () => void
let host: ScriptedHost

beforeEach(async () => {
  ;({ host } = await openStudio())
  stop = listenToShortcuts(window)
})

afterEach(() => {
  stop()
  document.body.innerHTML = ''
})

function press(
  code: string,
  init: KeyboardEventInit = {},
  target: EventTarget = document.body,
): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { code, key: code, bubbles: true, cancelable: true, ...init })
  target.dispatchEvent(event)
  return event
}

function element(html: string): HTMLElement {
  document.body.innerHTML = html
  return document.body.querySelector<HTMLElement>('#it')!
}

test('a key runs its action and is used up', () => {
  expect(press('ArrowRight').defaultPrevented).toBe(true)
  expect(useSelection().frameIndex).toBe(1)
  press('ArrowRight', { shiftKey: true })
  expect(useSelection().frameIndex).toBe(11)
  expect(press('KeyZ', { altKey: true }).defaultPrevented).toBe(false)
})

test('keys typed into a field stay there, also with modifiers', () => {
  const field = element('<input id="it">')
  expect(press('Space', {}, field).defaultPrevented).toBe(false)
  expect(press('KeyZ', { ctrlKey: true }, field).defaultPrevented).toBe(false)
  expect(usePlayback().playing).toBe(false)
})

test('a button keeps the keys that press it, a slider those that move it', () => {
  const button = element('<button id="it">x</button>')
  expect(press('Space', {}, button).defaultPrevented).toBe(false)
  expect(press('ArrowRight', {}, button).defaultPrevented).toBe(true)
  const slider = element('<span id="it" role="slider" tabindex="0"></span>')
  expect(press('ArrowRight', {}, slider).defaultPrevented).toBe(false)
  expect(press('Space', {}, slider).defaultPrevented).toBe(true)
})

test('an open dialog has the keys for itself', () => {
  useDialogs().show('settings')
  expect(press('Space').defaultPrevented).toBe(false)
  useDialogs().close()
  element('<div id="it" role="menu"></div>')
  expect(press('Space').defaultPrevented).toBe(false)
})

test('holding a key repeats only what may be repeated', () => {
  press('ArrowRight', { repeat: true })
  expect(useSelection().frameIndex).toBe(1)
  expect(press('Space', { repeat: true }).defaultPrevented).toBe(true)
  expect(usePlayback().playing).toBe(false)
})

test('what a control used up is left, and so is text being composed', () => {
  const target = element('<div id="it"></div>')
  target.addEventListener('keydown', (event) => {
    event.preventDefault()
  })
  press('ArrowRight', {}, target)
  press('ArrowRight', { isComposing: true })
  expect(useSelection().frameIndex).toBe(0)
})

test('new keys count at once', async () => {
  await useActions().rebind('play.stepForward', '$mod+KeyJ')
  press('ArrowRight')
  expect(useSelection().frameIndex).toBe(0)
  press('KeyJ', { ctrlKey: true })
  expect(useSelection().frameIndex).toBe(1)
})

test('the number keys select the objects in their order', () => {
  press('Digit3')
  expect(useSelection().objectId).toBe(3)
  expect(press('Digit9').defaultPrevented).toBe(true)
  expect(useSelection().objectId).toBe(3)
})

test('the selected object moves in the list, at its ends not', async () => {
  host.answer('object.reorder', () => ({ revision: 2 }))
  useSelection().selectObject(1)
  press('ArrowUp', { altKey: true })
  press('ArrowDown', { altKey: true })
  await settled()
  expect(host.paramsOf('object.reorder')).toEqual([{ objectIds: [2, 1, 3] }])
})
