import type { Mark } from '../../electron/contract/history.ts'

/** A mark for one gesture: edits that carry it are undone together. */
export function newMark(): Mark {
  // Not randomUUID: the browser host on another interface is no secure context.
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
