// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from 'vitest'
import { leaveButtonsAfterMouse } from './mouse-focus.ts'

let stop: () => void

beforeEach(() => {
  stop = leaveButtonsAfterMouse(window)
})

afterEach(() => {
  stop()
  document.body.innerHTML = ''
})

function element(html: string): HTMLElement {
  document.body.innerHTML = html
  return document.body.querySelector<HTMLElement>('#it')!
}

function useMouse(): void {
  document.body.dispatchEvent(new Event('pointerdown', { bubbles: true }))
}

function press(key: string): void {
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
}

test('a button that was clicked does not keep the focus', () => {
  const button = element('<button id="it">x</button>')
  useMouse()
  button.focus()
  expect(document.activeElement).toBe(document.body)
})

test('a menu that was opened by the mouse and closed by a key leaves its button, too', () => {
  const button = element('<button id="it" aria-haspopup="menu">x</button>')
  useMouse()
  press('Escape')
  button.focus()
  expect(document.activeElement).toBe(document.body)
})

test('who goes on with Tab keeps the focus', () => {
  const button = element('<button id="it">x</button>')
  useMouse()
  press('Tab')
  button.focus()
  expect(document.activeElement).toBe(button)
})

test('fields, tabs and the buttons of a dialog keep the focus', () => {
  useMouse()
  for (const html of [
    '<input id="it">',
    '<button id="it" role="tab">x</button>',
    '<div role="dialog"><button id="it">x</button></div>',
  ]) {
    const kept = element(html)
    kept.focus()
    expect(document.activeElement).toBe(kept)
  }
})
