import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { RunLengthMask } from '../../../electron/contract/mask.ts'
import type { Project } from '../../../electron/contract/project.ts'
import type { FrameMask } from '../../../electron/contract/tracking.ts'
import { readPresentMasks } from '../../../electron/engine/project/mask-reader.ts'
import { openProject } from '../../../electron/engine/project/open-project.ts'

/** What a project file held at one moment. */
export interface StoredProject {
  readonly project: Project
  /** Present masks of the only video, by frame, then object, as they were tracked. */
  readonly masks: readonly FrameMask[]
  /** The mask of the object of that name on a frame. */
  mask(objectName: string, frameIndex: number): RunLengthMask | null
  /** Frames on which that object has a mask. */
  frames(objectName: string): number[]
}

/** Reads a copy of a project file, with its journals, while the app has the original open. */
export async function readStoredProject(path: string): Promise<StoredProject> {
  const folder = await mkdtemp(join(tmpdir(), 'maskwright-stored-'))
  for (const name of await readdir(dirname(path)))
    if (name.startsWith(basename(path))) await copyFile(join(dirname(path), name), join(folder, name))
  const store = await openProject(join(folder, basename(path)))
  try {
    const project = store.project()
    const videoId = project.videos[0]?.id
    const whole = { objectIds: null, first: 0, last: Number.MAX_SAFE_INTEGER, limit: 1e6 }
    const masks = videoId === undefined ? [] : readPresentMasks(store, { videoId, ...whole }).masks
    const idOf = (name: string) => project.objects.find((object) => object.name === name)?.id
    return {
      project,
      masks,
      mask: (objectName, frameIndex) =>
        masks.find((mask) => mask.objectId === idOf(objectName) && mask.frameIndex === frameIndex)?.mask ??
        null,
      frames: (objectName) =>
        masks.filter((mask) => mask.objectId === idOf(objectName)).map((mask) => mask.frameIndex),
    }
  } finally {
    store.close()
    await rm(folder, { recursive: true, force: true })
  }
}
