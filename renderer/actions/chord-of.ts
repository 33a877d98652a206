import { isMac } from './key-labels.ts'

const MODIFIERS = new Set([
  'Control',
  'Shift',
  'Alt',
  'Meta',
  'AltGraph',
  'CapsLock',
  'NumLock',
  'ScrollLock',
])
const NAMED = /^[A-Za-z0-9]{1,32}$/

/** The chord of a key press as the action table writes it; null while only modifiers are held. */
export function chordOf(event: KeyboardEvent, mac = isMac()): string | null {
  if (MODIFIERS.has(event.key) || !NAMED.test(event.code)) return null
  const isMod = mac ? event.metaKey : event.ctrlKey
  const isOther = mac ? event.ctrlKey : event.metaKey
  return [
    ...(isMod ? ['$mod'] : []),
    ...(isOther ? [mac ? 'Control' : 'Meta'] : []),
    ...(event.altKey ? ['Alt'] : []),
    ...(event.shiftKey ? ['Shift'] : []),
    event.code,
  ].join('+')
}
