import { expect, test } from 'vitest'
import { toAccelerator } from './accelerator.ts'

test.each([
  ['Ctrl+Z', 'Ctrl+Z'],
  ['Ctrl+Shift+Z', 'Ctrl+Shift+Z'],
  ['⇧⌘Z', 'Shift+Command+Z'],
  ['⌥⌘←', 'Alt+Command+Left'],
  ['Space', 'Space'],
  ['t', 'T'],
  ['Shift+→', 'Shift+Right'],
  ['Ctrl++', 'Ctrl+Plus'],
  ['+', 'Plus'],
  ['Ctrl+−', 'Ctrl+-'],
  ['Ctrl+,', 'Ctrl+,'],
  ['?', '?'],
  ['F11', 'F11'],
  ['Esc', 'Esc'],
  ['Home', 'Home'],
])('%s is %s', (keys, accelerator) => {
  expect(toAccelerator(keys)).toBe(accelerator)
})

test.each(['', 'G G', 'Ctrl+', 'Hyper+Z', 'é', 'F99', 'Ctrl+Wheel'])(
  '%j is nothing Electron knows',
  (keys) => {
    expect(toAccelerator(keys)).toBeNull()
  },
)
