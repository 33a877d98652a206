import { existsSync, mkdtempSync } from 'node:fs'
import { chmod, copyFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { removeAtExit } from '../engine/export/unfinished-outputs.ts'
import { relinkVideo } from '../engine/project/edits/video-edits.ts'
import { openProject } from '../engine/project/open-project.ts'
import { ProjectReadOnlyError } from '../engine/project/project-errors.ts'
import type { ProjectStore } from '../engine/project/project-store.ts'
import { locateVideo, storedPath } from '../engine/project/video-location.ts'

export interface OpenedProject {
  readonly store: ProjectStore
  close(): Promise<void>
}

/** Opens a project for a command that changes it. @throws what `openProject` throws */
export async function openProjectToWrite(path: string): Promise<OpenedProject> {
  const store = await openProject(path)
  return { store, close: () => Promise.resolve(store.close()) }
}

/**
 * Opens a project for a command that changes nothing in it. One that cannot be written to is opened as a copy, which is
 * removed when it is closed, however the process ends.
 * @throws what `openProject` throws
 */
export async function openProjectToRead(path: string): Promise<OpenedProject> {
  try {
    return await openProjectToWrite(path)
  } catch (error) {
    if (!(error instanceof ProjectReadOnlyError)) throw error
  }
  const folder = mkdtempSync(join(tmpdir(), 'maskwright-read-'))
  const keep = removeAtExit({ temporaryPath: folder, folder, firstMadeFolder: undefined })
  const remove = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true })
    keep()
  }
  try {
    const copied = join(folder, basename(path))
    await copyFile(path, copied)
    await chmod(copied, 0o600)
    // What was broken off in it is taken back when the copy is opened.
    if (existsSync(`${path}-journal`)) await copyFile(`${path}-journal`, `${copied}-journal`)
    const store = await openProject(copied)
    await linkVideos(store, dirname(resolve(path)))
    return {
      store,
      close: () => {
        store.close()
        return remove()
      },
    }
  } catch (error) {
    await remove()
    throw error
  }
}

/** Paths of videos are seen from the project's folder. */
async function linkVideos(store: ProjectStore, originalFolder: string): Promise<void> {
  for (const { id } of store.records.all('videos')) {
    const file = store.records.get('videoFiles', id)!
    const { link, path } = await locateVideo(originalFolder, file)
    relinkVideo(store, id, { ...file, relativePath: storedPath(store.folder, path) })
    store.setVideoLink(id, link)
  }
}
