import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ChosenFile, FilePurpose } from '../contract/files.ts'
import type { FileAccess } from './file-access.ts'
import { FILE_PURPOSES, isFitFor } from './file-purposes.ts'
import type { FileTokens } from './file-tokens.ts'

/**
 * A token for a path that the person named by hand, in a native dialog or by a drop; null when it does not serve the
 * purpose. @throws FileOutOfReach
 */
export async function acceptFile(named: {
  readonly access: FileAccess
  readonly tokens: FileTokens
  readonly windowId: number
  readonly path: string
  readonly purpose: FilePurpose
}): Promise<ChosenFile | null> {
  const { access, tokens, windowId, purpose } = named
  const { isNew } = FILE_PURPOSES[purpose]
  const path = await (isNew ? access.confineNew(named.path) : access.confine(named.path))
  // The root of a disk has no name of its own.
  const name = basename(path) || path
  const kind = await kindOf(path, purpose)
  if (kind === null || !isFitFor(purpose, name, kind, true)) return null
  return { token: tokens.issue(windowId, { path, purpose, kind, selectable: true }), name, kind }
}

/** null for what is neither a file nor a folder; for something that does not exist yet, what the purpose asks for. */
async function kindOf(path: string, purpose: FilePurpose): Promise<'file' | 'folder' | null> {
  try {
    const found = await stat(path)
    if (found.isFile()) return 'file'
    return found.isDirectory() ? 'folder' : null
  } catch {
    return FILE_PURPOSES[purpose].isNew ? FILE_PURPOSES[purpose].kind : null
  }
}
