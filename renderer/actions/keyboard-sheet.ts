import { texts } from '../texts/texts.ts'
import type { Action } from './action.ts'
import { ACTION_GROUPS } from './action-table.ts'
import { keysLabel } from './key-labels.ts'

/** All keys of an action table as a page of the guide (Markdown), by group. */
export function keyboardSheet(actions: readonly Action[]): string {
  const groups = ACTION_GROUPS.map((group) => ({
    title: texts.actionGroups[group],
    rows: actions
      .filter((action) => action.group === group && action.keys.length > 0)
      .map(({ title, keys }) => row(title, keys)),
  })).filter(({ rows }) => rows.length > 0)
  const picture = texts.help.gestures.map(({ does, keys }) => `| ${does} | ${keys.map(key).join(' ')} |`)
  const tables = [{ title: texts.help.mouse, rows: picture }, ...groups].map(
    ({ title, rows }) => `## ${title}\n\n| what | keys |\n| --- | --- |\n${rows.join('\n')}\n`,
  )
  return `# Keyboard\n\nEvery key can be changed in **Settings → Keys**. On macOS <kbd>Ctrl</kbd> is <kbd>⌘</kbd>.\n\n${tables.join('\n')}`
}

function row(title: string, keys: readonly string[]): string {
  return `| ${title} | ${keys.map(key).join(' or ')} |`
}

function key(chord: string): string {
  // A key may be a sign that Markdown or HTML would read as its own.
  const label = keysLabel(chord).replace(/[\\[\]`*_|<>&]/g, (sign) => `&#${String(sign.charCodeAt(0))};`)
  return `<kbd>${label}</kbd>`
}
