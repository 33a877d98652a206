// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { chordOf } from './chord-of.ts'
import { keysLabel } from './key-labels.ts'
import { matchScore } from './match-score.ts'

test.each([
  ['$mod+Shift+KeyZ', 'Ctrl+Shift+Z', '⌘⇧Z'],
  ['Space', 'Space', 'Space'],
  ['BracketLeft', '[', '['],
  ['$mod+Digit0', 'Ctrl+0', '⌘0'],
  ['Alt+ArrowUp', 'Alt+↑', '⌥↑'],
  ['F2', 'F2', 'F2'],
  ['KeyK', 'K', 'K'],
])('%s is written %s, on a Mac %s', (chord, elsewhere, onMac) => {
  expect(keysLabel(chord, false)).toBe(elsewhere)
  expect(keysLabel(chord, true)).toBe(onMac)
})

test.each<[KeyboardEventInit, string | null, string | null]>([
  [{ code: 'KeyZ', key: 'Z', ctrlKey: true, shiftKey: true }, '$mod+Shift+KeyZ', 'Control+Shift+KeyZ'],
  [{ code: 'KeyK', key: 'k', metaKey: true }, 'Meta+KeyK', '$mod+KeyK'],
  [{ code: 'Space', key: ' ' }, 'Space', 'Space'],
  [{ code: 'ShiftLeft', key: 'Shift', shiftKey: true }, null, null],
  [{ code: '', key: 'Unidentified' }, null, null],
])('%j is the chord %s, on a Mac %s', (init, elsewhere, onMac) => {
  const event = new KeyboardEvent('keydown', init)
  expect(chordOf(event, false)).toBe(elsewhere)
  expect(chordOf(event, true)).toBe(onMac)
})

test('what begins words comes before what is inside them, and every word must fit', () => {
  const titles = ['Track Track backward', 'View Overlay', 'Object Absent on this frame']
  const best = (typed: string): string | undefined =>
    titles
      .map((title) => ({ title, score: matchScore(typed, title) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)[0]?.title
  expect(best('back')).toBe('Track Track backward')
  expect(best('abs fra')).toBe('Object Absent on this frame')
  expect(best('lay')).toBe('View Overlay')
  expect(best('track overlay')).toBeUndefined()
  expect(matchScore('  ', 'anything')).toBeGreaterThan(0)
})
