import { realpathSync, statSync } from 'node:fs'
import { lstat, realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path'
import { UserFacingError } from '../contract/errors.ts'

/** A file lies outside the folders that a window may look into, or is not there. One error, so that neither is told. */
export class FileOutOfReach extends UserFacingError {
  constructor(cause?: unknown) {
    super('FileOutOfReach', 'This file or folder is not there, or Maskwright may not look into it.', {
      cause,
    })
  }
}

/** Which files of this machine windows can reach. */
export interface FileAccess {
  /** Folders to start from, without links in their paths. */
  readonly roots: readonly string[]
  /** The path without links. @throws FileOutOfReach unless it exists within reach. */
  confine(path: string): Promise<string>
  /** As `confine`, for something that may not exist yet in a folder that does. */
  confineNew(path: string): Promise<string>
}

/** Reach of a person who chose the file in a native dialog of this machine: everything. */
export function wholeMachine(): FileAccess {
  return accessWithin(null)
}

/** Reach into these folders only, all links resolved. Folders that do not exist are left out. */
export function withinRoots(folders: readonly string[]): FileAccess {
  const roots = folders.flatMap((folder) => {
    try {
      const root = realpathSync(folder)
      return statSync(root).isDirectory() ? [root] : []
    } catch {
      return []
    }
  })
  return accessWithin([...new Set(roots)])
}

/** The home folder, the current one and where volumes are mounted; never the whole file system. */
export function usualRoots(): string[] {
  const mounts = process.platform === 'darwin' ? ['/Volumes'] : ['/media', '/run/media', '/mnt']
  return [homedir(), process.cwd(), ...(process.platform === 'win32' ? [] : mounts)].filter(
    (folder) => resolve(folder) !== parse(resolve(folder)).root,
  )
}

/**
 * The folder of a file that was opened by name, or the folder that was: what lies beside it is what the person works with.
 * Never the whole file system; none where nothing is there.
 */
export function rootsOfOpened(path: string | null): string[] {
  if (path === null) return []
  try {
    const folder = realpathSync(statSync(path).isDirectory() ? path : dirname(path))
    return folder === parse(folder).root ? [] : [folder]
  } catch {
    return []
  }
}

function accessWithin(roots: readonly string[] | null): FileAccess {
  function check(path: string): string {
    if (roots === null || roots.some((root) => isInside(root, path))) return path
    throw new FileOutOfReach()
  }

  async function confine(path: string): Promise<string> {
    let real: string
    try {
      real = await realpath(demandAbsolute(path))
    } catch (error) {
      throw error instanceof FileOutOfReach ? error : new FileOutOfReach(error)
    }
    return check(real)
  }

  return {
    roots: roots ?? [],
    confine,
    confineNew: async (path) => {
      // A root itself is there and has no folder above it within reach.
      const there = await confine(path).catch(() => null)
      if (there !== null) return there
      const folder = await confine(dirname(demandAbsolute(path)))
      const target = join(folder, basename(path))
      try {
        await lstat(target)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return check(target)
        throw new FileOutOfReach(error)
      }
      // Something is there; when it is a link, it must not lead out, and a dangling one leads nowhere.
      return confine(target)
    },
  }
}

/** A path of bytes that end early, or that depends on where this process stands, is not one that we made. */
function demandAbsolute(path: string): string {
  if (path.includes('\0') || !isAbsolute(path)) throw new FileOutOfReach()
  return path
}

/** Both without links. A sibling whose name begins like the root is outside. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}
