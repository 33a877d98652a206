import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, copyFile, link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { checkedKey, isKey, reaching, type ResultStore } from './result-store.ts'

/** Unfinished files lie here; a worker that was killed leaves some, which harm nothing. */
const unfinished = 'unfinished'

/**
 * A store in a folder, which may be shared between machines. A value is written under a temporary name, brought to
 * disk and then linked to its own: linking fails where the name is taken, so a value is there whole or not at all.
 * @throws StoreUnavailable where the folder cannot be made
 */
export async function openFolderStore(folder: string): Promise<ResultStore> {
  const placeOf = (key: string): string => join(folder, ...checkedKey(key).split('/'))
  const reach = <Value>(action: () => Promise<Value>): Promise<Value> => reaching(folder, action)

  /** @param fill writes the value's file */
  async function putOnce(key: string, fill: (path: string) => Promise<void>): Promise<boolean> {
    const place = placeOf(key)
    if (await exists(place)) return false
    const temporary = join(folder, unfinished, randomUUID())
    await mkdir(dirname(place), { recursive: true })
    await mkdir(dirname(temporary), { recursive: true })
    try {
      await fill(temporary)
      await bringToDisk(temporary)
      await linkTo(temporary, place)
      await bringToDisk(dirname(place))
      return true
    } catch (error) {
      if (isCode(error, 'EEXIST')) return false
      throw error
    } finally {
      await rm(temporary, { force: true }).catch(() => {})
    }
  }

  await reach(() => mkdir(folder, { recursive: true }))
  return {
    address: folder,
    get: (key) => reach(() => readFile(placeOf(key)).catch(nullWhereMissing)),
    has: (key) => reach(() => exists(placeOf(key))),
    put: (key, bytes) =>
      reach(() =>
        putOnce(key, async (path) => {
          const file = await open(path, 'wx')
          await file.writeFile(bytes).finally(() => file.close())
        }),
      ),
    putFile: (key, path) =>
      reach(() => putOnce(key, (temporary) => copyFile(path, temporary, constants.COPYFILE_FICLONE))),
    getFile: (key, path) =>
      reach(async () => {
        const found = await copyFile(placeOf(key), path, constants.COPYFILE_FICLONE).catch(nullWhereMissing)
        return found !== null
      }),
    list: (prefix) =>
      reach(async () => {
        const start = placeOf(prefix)
        const entries =
          (await readdir(start, { recursive: true, withFileTypes: true }).catch(nullWhereMissing)) ?? []
        return entries
          .filter((entry) => entry.isFile())
          .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
          .filter(isKey)
          .sort()
      }),
    delete: (key) => reach(() => rm(placeOf(key), { force: true })),
  }
}

/** @throws the file system's error, with a reason that can be acted on where it has no hard links */
async function linkTo(path: string, place: string): Promise<void> {
  try {
    await link(path, place)
  } catch (cause) {
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'].some((code) => isCode(cause, code)))
      throw cause
    throw new Error('its file system makes no hard links, which keep a result from being written twice', {
      cause,
    })
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false
    throw error
  }
}

async function bringToDisk(path: string): Promise<void> {
  // Windows opens no folders.
  const file = await open(path, 'r').catch(() => null)
  await file?.sync().catch(() => {})
  await file?.close()
}

function nullWhereMissing(error: unknown): null {
  if (isCode(error, 'ENOENT')) return null
  throw error
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
