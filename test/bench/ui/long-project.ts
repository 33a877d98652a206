import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunLengthMask } from '../../../electron/contract/mask.ts'
import type { MaskScores, TrackRequest } from '../../../electron/contract/tracking.ts'
import { DEFAULT_SETTINGS } from '../../../electron/contract/settings.ts'
import { runLengthFromCounts } from '../../../electron/engine/masks/run-length-mask.ts'
import { createProject } from '../../../electron/engine/project/create-project.ts'
import { addObject } from '../../../electron/engine/project/edits/object-edits.ts'
import { addPoint } from '../../../electron/engine/project/edits/prompt-edits.ts'
import { appendTrackedMasks, startRun, updateRun } from '../../../electron/engine/project/edits/run-edits.ts'
import { addVideos } from '../../../electron/engine/project/edits/video-edits.ts'
import type { ProjectStore } from '../../../electron/engine/project/project-store.ts'
import { describeVideo } from '../../../electron/engine/session/describe-video.ts'
import { openVideo } from '../../../electron/engine/video/open-video.ts'

const [WIDTH_PX, HEIGHT_PX] = [1280, 720]
const CLIP = fileURLToPath(new URL('../../fixtures/sample/bottles.mp4', import.meta.url))
const FRAMES_PER_BATCH = 200
const KEYFRAMES_PER_OBJECT = 8
/** Encoding is what takes long, so the film is this part of it, copied one after the other. */
const PARTS = 4

/** A film of real pictures at 1280 px with x264's usual distance of keyframes. Made once for a folder. */
function makeFilm(folder: string, frameCount: number): string {
  const film = join(folder, `film-${frameCount}.mp4`)
  if (existsSync(film)) return film
  const part = join(folder, 'part.mp4')
  const ffmpeg = (...args: string[]): void => {
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...args])
  }
  ffmpeg(
    ...['-stream_loop', '-1', '-i', CLIP, '-an', '-vf', `scale=${WIDTH_PX}:${HEIGHT_PX},setsar=1,fps=30`],
    ...['-frames:v', String(Math.ceil(frameCount / PARTS)), '-c:v', 'libx264', '-preset', 'veryfast'],
    ...['-pix_fmt', 'yuv420p', part],
  )
  ffmpeg(
    ...['-stream_loop', String(PARTS - 1), '-i', part, '-c', 'copy', '-frames:v', String(frameCount), film],
  )
  return film
}

/** Where an object is on a frame: it wanders about and its edge is uneven, somewhat like a tracked one. */
function wanderingMask(
  objectIndex: number,
  frameIndex: number,
): { mask: RunLengthMask; x: number; y: number } {
  const phase = frameIndex / 90 + objectIndex * 1.7
  const x = WIDTH_PX * (0.5 + 0.38 * Math.sin(phase * (1 + objectIndex / 40)))
  const y = HEIGHT_PX * (0.5 + 0.3 * Math.cos(phase * 1.3))
  const radius = 34 + (objectIndex % 5) * 12
  const counts: number[] = []
  let background = 0
  for (let column = 0; column < WIDTH_PX; column++) {
    const along = (column - x) / radius
    if (Math.abs(along) >= 1) {
      background += HEIGHT_PX
      continue
    }
    const half = radius * 1.5 * Math.sqrt(1 - along * along) + 5 * Math.sin(column / 3 + phase)
    const top = Math.max(0, Math.round(y - half))
    const bottom = Math.min(HEIGHT_PX, Math.round(y + half))
    if (bottom <= top) {
      background += HEIGHT_PX
      continue
    }
    counts.push(background + top, bottom - top)
    background = HEIGHT_PX - bottom
  }
  return { mask: runLengthFromCounts([...counts, background], HEIGHT_PX, WIDTH_PX), x, y }
}

/** Scores as a tracked object has them: mostly sure, suspect now and then. */
function wanderingScores(objectIndex: number, frameIndex: number): MaskScores {
  const isSuspect = (frameIndex * 7 + objectIndex * 131) % 701 === 0
  const predictedIou = isSuspect ? 0.41 : 0.86 + 0.1 * Math.sin(frameIndex / 40 + objectIndex)
  return {
    objectScore: isSuspect ? 0.3 : 9,
    predictedIou,
    stability: 0.95,
    suspicion: isSuspect ? 0.8 : 1 - predictedIou,
    suspectReasons: isSuspect ? ['lowPredictedIou'] : [],
  }
}

function addObjects(store: ProjectStore, videoId: number, frameCount: number, objectCount: number): number[] {
  return Array.from({ length: objectCount }, (_, index) => {
    const { objectId } = addObject(store, {}, DEFAULT_SETTINGS.objectColours)
    for (let keyframe = 0; keyframe < KEYFRAMES_PER_OBJECT; keyframe++) {
      const frameIndex = Math.floor((keyframe * frameCount) / KEYFRAMES_PER_OBJECT)
      const { x, y } = wanderingMask(index, frameIndex)
      addPoint(store, { videoId, objectId, frameIndex }, { x, y, label: 1 })
    }
    return objectId
  })
}

/**
 * A project as hours of work leave it: one film, objects that are masked on every frame with scores, and keyframes. It
 * is written by the engine's own store. @returns the path of the project file
 */
export async function makeLongProject(
  folder: string,
  { frameCount, objectCount }: { frameCount: number; objectCount: number },
): Promise<string> {
  const path = join(folder, `film-${frameCount}-${objectCount}.maskwright`)
  if (existsSync(path)) return path
  const source = await openVideo(makeFilm(folder, frameCount), { checkEveryFrame: false })
  const store = await createProject(path, { name: `${frameCount} frames, ${objectCount} objects` })
  const file = await describeVideo(source, folder)
  await source.close()
  const videoId = addVideos(store, [{ name: 'film', file }]).videoIds[0]!
  const objectIds = addObjects(store, videoId, frameCount, objectCount)
  const request: TrackRequest = {
    ...{ videoId, objectIds, startFrame: 0 },
    ...({ direction: 'forward', limit: { kind: 'end' }, extent: 'all' } as const),
  }
  const { run } = startRun(store, { request, model: 'nano', framesTotal: frameCount })
  for (let first = 0; first < frameCount; first += FRAMES_PER_BATCH) {
    const frames = Array.from(
      { length: Math.min(FRAMES_PER_BATCH, frameCount - first) },
      (_, at) => first + at,
    )
    const masks = frames.flatMap((frameIndex) =>
      objectIds.map((objectId, index) => ({
        ...{ objectId, frameIndex, mask: wanderingMask(index, frameIndex).mask },
        scores: wanderingScores(index, frameIndex),
      })),
    )
    appendTrackedMasks(store, run.id, masks, first + frames.length)
  }
  updateRun(store, run.id, { state: 'finished' })
  store.setView({ videoId, frameIndex: 0, selectedObjectIds: objectIds.slice(0, 1) })
  store.close()
  return path
}
