import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunLengthMask } from '../../contract/mask.ts'
import type { MaskScores } from '../../contract/tracking.ts'
import { encodeRunLength } from '../masks/run-length-mask.ts'
import { createProject } from './create-project.ts'
import { addObject } from './edits/object-edits.ts'
import { addVideos } from './edits/video-edits.ts'
import type { ProjectStore, StoreOptions } from './project-store.ts'
import type { VideoFile } from './stored-records.ts'

/** For tests: masks of this video are this large. */
export const WIDTH_PX = 16
export const HEIGHT_PX = 9

export const COLOURS = ['#4db8ff', '#ff8a4d']

/**
 * For tests: a folder of its own, and the way to be rid of it. In memory where that can be had, to spare the disk;
 * `disk` is for tests that want real writes, which take their time.
 */
export function testFolder(where: 'memory' | 'disk' = 'memory'): { folder: string; remove: () => void } {
  const parent = where === 'memory' && existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
  const folder = mkdtempSync(join(parent, 'maskwright-'))
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** For tests: a mask with `area` pixels, from the top left downwards. */
export function maskOfArea(area: number): RunLengthMask {
  const data = new Uint8Array(WIDTH_PX * HEIGHT_PX).fill(1, 0, area)
  return encodeRunLength({ widthPx: WIDTH_PX, heightPx: HEIGHT_PX, data })
}

export function scores(predictedIou: number, suspicion: number | null = null): MaskScores {
  return { objectScore: 3.25, predictedIou, stability: null, suspicion, suspectReasons: [] }
}

export function videoFile(frameCount: number, relativePath = 'clip.mp4'): Omit<VideoFile, 'id'> {
  return {
    relativePath,
    kind: 'video',
    contentId: '0'.repeat(32),
    fingerprint: { sizeBytes: 1, digest: '0'.repeat(64) },
    widthPx: WIDTH_PX,
    heightPx: HEIGHT_PX,
    pixelAspectRatio: 1,
    frameCount,
    durationSeconds: frameCount / 25,
    hasAudio: false,
  }
}

/** For tests: a project with one video and some objects. */
export async function projectWith(
  path: string,
  content: { frameCount: number; objects: number },
  options: Partial<StoreOptions> = {},
): Promise<{ store: ProjectStore; videoId: number; objectIds: number[] }> {
  const store = await createProject(path, { name: 'Test', ...options })
  const { videoIds } = addVideos(store, [{ name: 'clip', file: videoFile(content.frameCount) }])
  const objectIds = Array.from({ length: content.objects }, () => addObject(store, {}, COLOURS).objectId)
  return { store, videoId: videoIds[0]!, objectIds }
}
