import { rmdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'

/** What is to be removed when this process ends before it is finished: a file or folder, and folders made for it. */
export interface UnfinishedOutput {
  readonly temporaryPath: string
  readonly folder: string
  /** The uppermost folder that was made for it. */
  readonly firstMadeFolder: string | undefined
}

const unfinished = new Set<UnfinishedOutput>()
let removesAtExit = false

/**
 * Sees to it that nothing half-written stays when this process exits in the middle. Against SIGKILL nothing can be
 * done; then only names that end in `.partial` are left. Returns a function that ends it.
 */
export function removeAtExit(output: UnfinishedOutput): () => void {
  if (!removesAtExit) process.on('exit', removeUnfinishedOutputs)
  removesAtExit = true
  unfinished.add(output)
  return () => {
    unfinished.delete(output)
  }
}

/** Removes what is half-written now; for a process that ends by a signal, which tells nobody of its exit. */
export function removeUnfinishedOutputs(): void {
  // A write that was under way may put one more file into a folder.
  for (const { temporaryPath } of unfinished)
    attempt(() => rmSync(temporaryPath, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 }))
  // The first one made the uppermost folder, which is the last to become empty.
  for (const { folder, firstMadeFolder } of [...unfinished].reverse()) {
    if (firstMadeFolder !== undefined) attempt(() => removeFolders(folder, firstMadeFolder))
  }
}

function removeFolders(folder: string, firstMadeFolder: string): void {
  for (let path = folder; path.length >= firstMadeFolder.length; path = dirname(path)) rmdirSync(path)
}

/** What cannot be removed stays under its temporary name; a folder that holds something stays. */
function attempt(removal: () => void): void {
  try {
    removal()
  } catch {
    // The process ends; there is nobody to tell.
  }
}
