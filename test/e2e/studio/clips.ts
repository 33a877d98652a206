import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findMediaTools } from '../../../electron/engine/video/media-tools.ts'
import { hasSharedMaterial, sharedMaterial } from '../../fixtures/shared-material.ts'

/** A film and places in it, in source pixels. */
export const BOTTLES = {
  path: fileURLToPath(new URL('../../fixtures/sample/bottles.mp4', import.meta.url)),
  name: 'bottles',
  widthPx: 640,
  heightPx: 360,
  /** All three bottles stand in the picture. */
  frame: 39,
  middle: { x: 315, y: 240 },
  middleCap: { x: 313, y: 140 },
  leftBox: [
    { x: 54, y: 105 },
    { x: 124, y: 314 },
  ],
  middleBox: [
    { x: 285, y: 105 },
    { x: 347, y: 314 },
  ],
  wall: { x: 400, y: 120 },
} as const

/** A few frames of the sample from a moment on, as a film of its own. */
export async function cutBottles(path: string, seconds: number, frames: number): Promise<void> {
  const output = ['-an', '-c:v', 'libx264', '-crf', '18', '-frames:v', String(frames), path]
  const { ffmpeg } = await findMediaTools()
  await promisify(execFile)(ffmpeg, [
    ...['-v', 'error', '-y', '-ss', String(seconds), '-i', BOTTLES.path],
    ...output,
  ])
}

/** A sequence of DAVIS with its annotation; as a folder of pictures it is a film, too. */
export const CAR = {
  folder: fileURLToPath(sharedMaterial('clips/davis/JPEGImages/480p/car-shadow')),
  annotations: fileURLToPath(sharedMaterial('clips/davis/Annotations/480p/car-shadow')),
  isHere: hasSharedMaterial('clips/davis/JPEGImages/480p/car-shadow'),
  widthPx: 854,
  heightPx: 480,
  door: { x: 501, y: 189 },
} as const
