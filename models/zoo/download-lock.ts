import { open, readFile, rm, stat, utimes } from 'node:fs/promises'
import { DownloadInProgress } from './download-errors.ts'

const heartbeatMs = 10_000
/** A lock whose owner has not touched it for so long is left over, even where its process number lives on. */
const staleMs = 60_000

/**
 * Makes sure that nobody else downloads the same file, here or in another process.
 * @returns what to call at the end
 * @throws DownloadInProgress
 */
export async function lockDownload(file: string): Promise<() => Promise<void>> {
  const path = `${file}.lock`
  if (!(await tryLock(path)) && !(await takeOver(path))) throw new DownloadInProgress(file)
  const heartbeat = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => undefined)
  }, heartbeatMs)
  heartbeat.unref()
  return async () => {
    clearInterval(heartbeat)
    await rm(path, { force: true })
  }
}

/**
 * Takes a lock that was left over. One at a time looks and removes: what was dead when one looked may be another's by the
 * time it is removed.
 */
async function takeOver(path: string): Promise<boolean> {
  if (await isHeld(path)) return false
  const turn = `${path}.over`
  if (!(await tryLock(turn))) {
    // Whoever died in this short moment does not keep all others out; the next try finds it gone.
    if (!(await isHeld(turn))) await rm(turn, { force: true })
    return false
  }
  try {
    if (await isHeld(path)) return false
    await rm(path, { force: true })
    return await tryLock(path)
  } finally {
    await rm(turn, { force: true })
  }
}

async function tryLock(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx')
    try {
      await handle.writeFile(String(process.pid))
    } catch (error) {
      // On a full disk: left there empty, it would look like another's that was made just now.
      await rm(path, { force: true })
      throw error
    } finally {
      await handle.close()
    }
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

async function isHeld(path: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs > staleMs) return false
    const owner = Number(await readFile(path, 'utf8'))
    // Not written yet: its owner has just made it.
    return owner === 0 || isRunning(owner)
  } catch {
    return false
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    // The process exists but belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
