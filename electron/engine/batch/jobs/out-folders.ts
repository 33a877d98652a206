import { realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { UserFacingError } from '../../../contract/errors.ts'
import { jobKey } from './batch-job.ts'
import type { PreparedJob } from './prepared-job.ts'

/** Two jobs would write into one folder, over each other's files. */
export class OutFolderTwice extends UserFacingError {
  constructor(folder: string, titles: readonly [string, string]) {
    super(
      'out-folder-twice',
      `${titles[0]} and ${titles[1]} both go to ${folder}. Give each job an "out" of its own.`,
    )
  }
}

/** @throws OutFolderTwice where two different jobs have one folder, by whatever path */
export function requireOwnFolders(jobs: readonly PreparedJob[]): void {
  const owners = new Map<string, PreparedJob>()
  for (const prepared of jobs) {
    if (prepared.outFolder === null) continue
    const folder = realPlace(resolve(prepared.outFolder))
    const owner = owners.get(folder)
    if (owner !== undefined && jobKey(owner.job) !== jobKey(prepared.job))
      throw new OutFolderTwice(prepared.outFolder, [owner.job.title, prepared.job.title])
    owners.set(folder, prepared)
  }
}

/** The one path of a folder that need not be there yet: links resolved, and the case where it does not count. */
function realPlace(path: string): string {
  const isCaseless = process.platform === 'win32' || process.platform === 'darwin'
  return isCaseless ? withoutLinks(path).toLowerCase() : withoutLinks(path)
}

function withoutLinks(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(withoutLinks(parent), basename(path))
  }
}
