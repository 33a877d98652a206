// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { openStudio } from '../testing/open-studio.ts'
import { useActions } from './action-table.ts'
import { keyboardSheet } from './keyboard-sheet.ts'

test('the guide lists the keys that the action table has (vitest -u writes it anew)', async () => {
  await openStudio()
  await expect(keyboardSheet(useActions().defaults)).toMatchFileSnapshot('../../docs/keyboard.md')
})
