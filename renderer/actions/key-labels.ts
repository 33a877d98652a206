import { texts } from '../texts/texts.ts'

const SYMBOLS: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  BracketLeft: '[',
  BracketRight: ']',
  Comma: ',',
  Period: '.',
  Slash: '/',
  Backslash: '\\',
  Equal: '+',
  Minus: '−',
  Backquote: '`',
  Semicolon: ';',
  Quote: "'",
}

export function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform)
}

function partLabel(part: string, mac: boolean): string {
  switch (part) {
    case '$mod':
      return mac ? '⌘' : texts.keys.control
    case 'Control':
      return mac ? '⌃' : texts.keys.control
    case 'Shift':
      return mac ? '⇧' : texts.keys.shift
    case 'Alt':
      return mac ? '⌥' : texts.keys.alt
    case 'Meta':
      return mac ? '⌘' : texts.keys.meta
    case 'Space':
      return texts.keys.space
    case 'Escape':
      return texts.keys.escape
    case 'Delete':
      return texts.keys.delete
    case 'Backspace':
      return texts.keys.backspace
    default:
      return SYMBOLS[part] ?? part.replace(/^(Key|Digit|Numpad)(?=.)/, '')
  }
}

/** A chord of tinykeys as people read it: `$mod+Shift+KeyZ` is `Ctrl+Shift+Z`. */
export function keysLabel(chord: string, mac = isMac()): string {
  return chord
    .split(' ')
    .map((press) =>
      press
        .split('+')
        .map((part) => partLabel(part, mac))
        .join(mac ? '' : '+'),
    )
    .join(' ')
}
