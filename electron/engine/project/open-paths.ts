import { realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ProjectInUseError } from './project-errors.ts'

/**
 * Projects that this process has open. Closing any handle of a file ends all of this process's POSIX locks on it,
 * SQLite's included, so a file that is open as a project must not be touched in any other way, not even to look at it.
 */
const openPaths = new Set<string>()

function identity(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return join(realpathSync(dirname(path)), basename(path))
  }
}

/** Whether two paths name one file, through links or not. */
export function isSameFile(first: string, second: string): boolean {
  return identity(first) === identity(second)
}

/** Claims a path for this process. Returns the way to give it back. Throws ProjectInUseError. */
export function claimPath(path: string): () => void {
  const claimed = identity(path)
  if (openPaths.has(claimed)) throw new ProjectInUseError(basename(path))
  openPaths.add(claimed)
  return () => {
    openPaths.delete(claimed)
  }
}
