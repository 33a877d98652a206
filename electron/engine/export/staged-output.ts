import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ExportFolderNotWritable, writeError } from './export-errors.ts'
import { removeAtExit } from './unfinished-outputs.ts'

/**
 * A file or folder that is being made under a temporary name beside its final one. `commit` gives it its final name
 * in one step, `discard` removes it and the folders that were made for it, as does the end of this process. Whoever
 * looks never sees half of it.
 */
export interface StagedOutput {
  readonly temporaryPath: string
  readonly finalPath: string
  commit(): Promise<void>
  discard(): Promise<void>
}

/** Marks what an export is still working on; such names may be deleted when no export runs. */
const partialMark = '.partial'

/**
 * Makes an empty file under a temporary name, so that a folder that refuses is found out before any work is done.
 * @throws ExportFolderNotWritable, ExportDiskFull
 */
export async function stageFile(finalPath: string): Promise<StagedOutput> {
  return stage(finalPath, async (temporaryPath) => {
    if (await isFolder(finalPath))
      throw new ExportFolderNotWritable(finalPath, 'a folder stands in its place')
    const handle = await open(temporaryPath, 'wx')
    await handle.close()
  })
}

/**
 * Makes an empty folder under a temporary name. On commit it takes the place of an older folder of that name: the
 * older one's files for which `isOurs` holds are deleted, anything else in it is kept.
 * @throws ExportFolderNotWritable, ExportDiskFull
 */
export async function stageFolder(
  finalPath: string,
  isOurs: (fileName: string) => boolean,
): Promise<StagedOutput> {
  const staged = await stage(finalPath, async (temporaryPath) => {
    if ((await pathExists(finalPath)) && !(await isFolder(finalPath)))
      throw new ExportFolderNotWritable(finalPath, 'a file stands in its place')
    await mkdir(temporaryPath)
  })
  return {
    ...staged,
    commit: () => {
      staged.keepAtExit()
      return reportingErrors(finalPath, () => replaceFolder(staged.temporaryPath, finalPath, isOurs))
    },
  }
}

async function stage(
  finalPath: string,
  make: (temporaryPath: string) => Promise<void>,
): Promise<StagedOutput & { keepAtExit(): void }> {
  const folder = dirname(finalPath)
  const token = randomBytes(4).toString('hex')
  const temporaryPath = join(folder, `.${basename(finalPath)}.${token}${partialMark}`)
  let firstMadeFolder: string | undefined
  let keepAtExit = (): void => {}
  const discard = async (): Promise<void> => {
    await rm(temporaryPath, { recursive: true, force: true }).catch(() => {})
    await removeEmptyFolders(folder, firstMadeFolder)
    keepAtExit()
  }
  try {
    await reportingErrors(finalPath, async () => {
      firstMadeFolder = await makeFolders(folder)
      keepAtExit = removeAtExit({ temporaryPath, folder, firstMadeFolder })
      await make(temporaryPath)
    })
  } catch (error) {
    await discard()
    throw error
  }
  return {
    temporaryPath,
    finalPath,
    commit: () =>
      reportingErrors(finalPath, async () => {
        await flushFile(temporaryPath)
        await rename(temporaryPath, finalPath)
        keepAtExit()
      }),
    discard,
    keepAtExit,
  }
}

/**
 * Makes a folder and those above it. Node's own recursive way says "not found" for a read-only disk.
 * @returns the uppermost folder that was not there
 */
async function makeFolders(folder: string): Promise<string | undefined> {
  const missing: string[] = []
  for (let path = folder; !(await pathExists(path)); path = dirname(path)) missing.unshift(path)
  if (missing.length === 0 && !(await isFolder(folder)))
    throw new ExportFolderNotWritable(folder, 'a file stands in its place')
  for (const path of missing) {
    try {
      await mkdir(path)
    } catch (error) {
      // Another export may have made it meanwhile.
      if (!(await isFolder(path))) throw error
    }
  }
  return missing[0]
}

async function replaceFolder(
  temporaryPath: string,
  finalPath: string,
  isOurs: (fileName: string) => boolean,
): Promise<void> {
  if (!(await pathExists(finalPath))) return rename(temporaryPath, finalPath)
  const oldPath = temporaryPath.replace(new RegExp(`\\${partialMark}$`), '.old')
  await rename(finalPath, oldPath)
  try {
    await rename(temporaryPath, finalPath)
  } catch (error) {
    await rename(oldPath, finalPath)
    throw error
  }
  for (const name of await readdir(oldPath)) {
    const isKept = !isOurs(name) && !(await pathExists(join(finalPath, name)))
    if (isKept) await rename(join(oldPath, name), join(finalPath, name))
  }
  await rm(oldPath, { recursive: true, force: true })
}

/** Removes folders from `folder` upwards to `firstMade`, all of which this export made, as long as they are empty. */
async function removeEmptyFolders(folder: string, firstMade: string | undefined): Promise<void> {
  if (firstMade === undefined) return
  for (let path = folder; path.length >= firstMade.length; path = dirname(path)) {
    try {
      await rmdir(path)
    } catch {
      return
    }
  }
}

async function flushFile(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function reportingErrors<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw writeError(path, error)
  }
}

/** Whether anything lies at a path. */
export async function pathExists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  )
}
