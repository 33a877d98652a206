const MODIFIERS: Readonly<Record<string, string>> = {
  ctrl: 'Ctrl',
  control: 'Ctrl',
  cmd: 'Command',
  command: 'Command',
  meta: 'Super',
  alt: 'Alt',
  option: 'Alt',
  shift: 'Shift',
  '⌘': 'Command',
  '⌃': 'Ctrl',
  '⌥': 'Alt',
  '⇧': 'Shift',
}

const KEYS: Readonly<Record<string, string>> = {
  space: 'Space',
  tab: 'Tab',
  backspace: 'Backspace',
  delete: 'Delete',
  del: 'Delete',
  enter: 'Return',
  return: 'Return',
  esc: 'Esc',
  escape: 'Esc',
  home: 'Home',
  end: 'End',
  pageup: 'PageUp',
  pagedown: 'PageDown',
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  arrowup: 'Up',
  arrowdown: 'Down',
  arrowleft: 'Left',
  arrowright: 'Right',
  '↑': 'Up',
  '↓': 'Down',
  '←': 'Left',
  '→': 'Right',
  plus: 'Plus',
  '−': '-',
}

/**
 * Keys as the interface shows them, `Ctrl+Shift+Z` or `⇧⌘Z`, in Electron's spelling, so that a native menu shows them, too.
 * null for keys that Electron has no word for: it throws on those.
 */
export function toAccelerator(keys: string): string | null {
  const parts = keys
    .replace(/[⌘⌃⌥⇧]/g, '$&+')
    .split(/\+(?=.)/)
    .map((part) => part.trim())
  const key = parts.pop() ?? ''
  const modifiers = parts.map((part) => MODIFIERS[part.toLowerCase()])
  const name = KEYS[key.toLowerCase()] ?? (key === '+' ? 'Plus' : key.toUpperCase())
  const isKnown =
    name in KEYS || Object.values(KEYS).includes(name) || /^([!-~]|F([1-9]|1[0-9]|2[0-4]))$/.test(name)
  if (!isKnown || modifiers.includes(undefined)) return null
  return [...modifiers, name].join('+')
}
