import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import { makeProcessFolder, removeDeadFolders } from './process-folder.ts'

it('removes what dead processes left, and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'maskwright-process-folder-'))
  try {
    const own = basename(await makeProcessFolder(folder))
    const [machine] = own.split('-')
    const dead = spawnSync(process.execPath, ['-e', '']).pid
    for (const name of [`${machine}-${dead}-abc`, `another-${dead}-abc`, 'mine']) {
      await mkdir(join(folder, name))
      await writeFile(join(folder, name, 'film.mp4'), '')
    }
    await removeDeadFolders(folder)
    expect((await readdir(folder)).sort()).toEqual([own, `another-${dead}-abc`, 'mine'].sort())
    await removeDeadFolders(join(folder, 'nowhere'))
  } finally {
    await rm(folder, { recursive: true })
  }
})
