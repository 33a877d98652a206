import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isAlive } from '../../processes/is-alive.ts'

/** Machines (containers, too) may share the folder, and know only their own processes. */
const machine = hostname().replace(/[^A-Za-z0-9]/g, '')

/**
 * Makes a folder for what this process has under way, and removes those that dead processes of this machine left.
 * @param workFolder where all of them are
 */
export async function makeProcessFolder(workFolder: string): Promise<string> {
  await mkdir(workFolder, { recursive: true })
  await removeDeadFolders(workFolder)
  return mkdtemp(join(workFolder, `${machine}-${process.pid}-`))
}

/** Removes the folders of processes of this machine that have ended. */
export async function removeDeadFolders(workFolder: string): Promise<void> {
  for (const name of await readdir(workFolder).catch(() => [])) {
    const [owner, processId] = name.split('-')
    if (owner !== machine || !/^\d+$/.test(processId ?? '') || isAlive(Number(processId))) continue
    await rm(join(workFolder, name), { recursive: true, force: true }).catch(() => {})
  }
}
