import type { Dirent } from 'node:fs'
import { lstat, opendir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, extname, join } from 'node:path'
import type { CommandParams, CommandResult } from '../contract/commands.ts'
import { UserFacingError } from '../contract/errors.ts'
import {
  PROJECT_EXTENSION,
  type ChosenFile,
  type FilePurpose,
  type FolderListing,
} from '../contract/files.ts'
import { FileOutOfReach, isInside, type FileAccess } from './file-access.ts'
import { FILE_PURPOSES, isFitFor } from './file-purposes.ts'
import type { FileTokens } from './file-tokens.ts'

/** A name that a new file or folder cannot have. */
export class UnfitFileName extends UserFacingError {
  constructor() {
    super(
      'UnfitFileName',
      'A name of a file cannot contain slashes, backslashes or colons, nor begin with a dot.',
    )
  }
}

const MOST_ENTRIES = 20_000
const order = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** The host's own file browser: folders within reach, named by tokens only. */
export interface FolderBrowser {
  browse(params: CommandParams<'files.browse'>, windowId: number): Promise<FolderListing>
  nameFile(params: CommandParams<'files.name'>, windowId: number): Promise<CommandResult<'files.name'>>
}

export function createFolderBrowser(access: FileAccess, tokens: FileTokens): FolderBrowser {
  function folderOf(windowId: number, token: string | null, purpose: FilePurpose): string {
    if (token === null) {
      const first = access.roots[0]
      if (first === undefined) throw new FileOutOfReach()
      return first
    }
    const file = tokens.find(windowId, token)
    if (file?.kind !== 'folder' || file.purpose !== purpose) throw new FileOutOfReach()
    return file.path
  }

  function chosen(windowId: number, purpose: FilePurpose, path: string, kind: 'file' | 'folder'): ChosenFile {
    const selectable = isFitFor(purpose, basename(path), kind, false)
    return { token: tokens.issue(windowId, { path, purpose, kind, selectable }), name: shownName(path), kind }
  }

  return {
    browse: async ({ purpose, folder: token }, windowId) => {
      const folder = await access.confine(folderOf(windowId, token, purpose))
      const { found, truncated } = await listFolder(folder, access)
      const parent = dirname(folder)
      const hasParent = parent !== folder && access.roots.some((root) => isInside(root, parent))
      return {
        folder: chosen(windowId, purpose, folder, 'folder'),
        parent: hasParent ? chosen(windowId, purpose, parent, 'folder') : null,
        places: access.roots.map((root) => chosen(windowId, purpose, root, 'folder')),
        entries: found.map((entry) => ({
          ...chosen(windowId, purpose, entry.path, entry.kind),
          // A link is shown under its own name.
          name: entry.name,
          sizeBytes: entry.sizeBytes,
          selectable: isFitFor(purpose, basename(entry.path), entry.kind, false),
        })),
        truncated,
      }
    },
    nameFile: async ({ purpose, folder: token, name }, windowId) => {
      const rule = FILE_PURPOSES[purpose]
      if (!rule.isNew || /[/\\:\0]/.test(name) || name.startsWith('.')) throw new UnfitFileName()
      const isProject = purpose === 'saveProject'
      const fileName =
        isProject && extname(name).toLowerCase() !== `.${PROJECT_EXTENSION}`
          ? `${name}.${PROJECT_EXTENSION}`
          : name
      const folder = await access.confine(folderOf(windowId, token, purpose))
      const path = await access.confineNew(join(folder, fileName))
      const exists = await lstat(path).then(
        () => true,
        () => false,
      )
      const known = { path, purpose, kind: rule.kind, selectable: true }
      return {
        files: [{ token: tokens.issue(windowId, known), name: basename(path), kind: rule.kind }],
        exists,
      }
    },
  }
}

interface FoundEntry {
  readonly name: string
  /** Without links. */
  readonly path: string
  readonly kind: 'file' | 'folder'
  readonly sizeBytes: number | null
}

/** Files and folders, folders first. Left out: hidden ones, links that lead out of reach, what is neither. */
async function listFolder(
  folder: string,
  access: FileAccess,
): Promise<{ found: FoundEntry[]; truncated: boolean }> {
  const names: Dirent[] = []
  let truncated = false
  for await (const entry of await opendir(folder).catch((error: unknown) => {
    throw new FileOutOfReach(error)
  })) {
    if (entry.name.startsWith('.')) continue
    if (names.length === MOST_ENTRIES) {
      truncated = true
      break
    }
    names.push(entry)
  }
  const found = await Promise.all(names.map((entry) => describeEntry(folder, entry, access)))
  return {
    found: found
      .filter((entry) => entry !== null)
      .sort((a, b) => Number(a.kind === 'file') - Number(b.kind === 'file') || order.compare(a.name, b.name)),
    truncated,
  }
}

async function describeEntry(folder: string, entry: Dirent, access: FileAccess): Promise<FoundEntry | null> {
  const { name } = entry
  try {
    const path = entry.isSymbolicLink() ? await access.confine(join(folder, name)) : join(folder, name)
    const found = await stat(path)
    if (found.isDirectory()) return { name, path, kind: 'folder', sizeBytes: null }
    return found.isFile() ? { name, path, kind: 'file', sizeBytes: found.size } : null
  } catch {
    return null
  }
}

function shownName(path: string): string {
  return path === homedir() ? 'Home' : basename(path) || path
}
