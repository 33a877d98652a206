import { randomBytes } from 'node:crypto'
import type { FilePurpose } from '../contract/files.ts'

/** A file or folder that a window may name by its token. */
export interface KnownFile {
  readonly path: string
  readonly purpose: FilePurpose
  readonly kind: 'file' | 'folder'
  /** Whether it may be used for the purpose; a folder that is only looked into may not. */
  readonly selectable: boolean
}

/** Tokens of one window; the oldest go first. */
const MOST_PER_WINDOW = 100_000
/** Tokens of what the engine wrote. */
const MOST_OFFERED = 1_000

export interface FileTokens {
  /** The token of a file for a window; the same one when it was issued before. */
  issue(windowId: number, file: KnownFile): string
  /** What a token stands for, if it is one of this window. */
  find(windowId: number, token: string): KnownFile | undefined
  /** Takes a token that the engine made for something it wrote. */
  offer(token: string, path: string): void
  /** Where something lies that a window may show in the file manager. */
  findPlace(windowId: number, token: string): string | undefined
  /** Forgets the tokens of a window. */
  forget(windowId: number): void
}

interface WindowFiles {
  readonly byToken: Map<string, KnownFile>
  readonly tokens: Map<string, string>
}

/** The table from tokens to paths. Paths never leave it towards a window. */
export function createFileTokens(mostPerWindow = MOST_PER_WINDOW): FileTokens {
  const windows = new Map<number, WindowFiles>()
  const offered = new Map<string, string>()

  function filesOf(windowId: number): WindowFiles {
    const files = windows.get(windowId) ?? { byToken: new Map(), tokens: new Map() }
    windows.set(windowId, files)
    return files
  }

  return {
    issue: (windowId, file) => {
      const { byToken, tokens } = filesOf(windowId)
      const key = `${file.purpose}\0${file.kind}\0${String(file.selectable)}\0${file.path}`
      const known = tokens.get(key)
      if (known !== undefined && byToken.has(known)) return known
      const token = randomBytes(24).toString('base64url')
      tokens.set(key, token)
      byToken.set(token, file)
      dropOldest(byToken, mostPerWindow)
      dropOldest(tokens, mostPerWindow)
      return token
    },
    find: (windowId, token) => windows.get(windowId)?.byToken.get(token),
    offer: (token, path) => {
      offered.set(token, path)
      dropOldest(offered, MOST_OFFERED)
    },
    findPlace: (windowId, token) => windows.get(windowId)?.byToken.get(token)?.path ?? offered.get(token),
    forget: (windowId) => {
      windows.delete(windowId)
    },
  }
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  const oldest = map.size > most ? map.keys().next().value : undefined
  if (oldest !== undefined) map.delete(oldest)
}
