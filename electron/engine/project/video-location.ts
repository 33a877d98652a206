import { basename, isAbsolute, posix, relative, resolve, sep } from 'node:path'
import type { VideoLink } from './project-views.ts'
import type { VideoFile } from './stored-records.ts'
import { fingerprintVideo } from './video-fingerprint.ts'

/** A path as the project keeps it: seen from its folder, with forward slashes, so that both can move together. */
export function storedPath(projectFolder: string, videoPath: string): string {
  const path = relative(projectFolder, videoPath)
  // On another drive of Windows there is no relative path.
  return isAbsolute(path) ? path : path.split(sep).join(posix.sep)
}

/** Where a stored path points to from a project's folder. */
export function videoPathFrom(projectFolder: string, stored: string): string {
  return resolve(projectFolder, stored)
}

async function hasContent(path: string, file: VideoFile): Promise<boolean | null> {
  try {
    const { sizeBytes, digest } = await fingerprintVideo(path)
    return sizeBytes === file.fingerprint.sizeBytes && digest === file.fingerprint.digest
  } catch {
    return null
  }
}

/**
 * Looks for a video's file where the project says, then under its name beside the project. `path` is where it is, or
 * would be.
 */
export async function locateVideo(
  projectFolder: string,
  file: VideoFile,
): Promise<{ link: VideoLink; path: string }> {
  const expected = videoPathFrom(projectFolder, file.relativePath)
  const found = await hasContent(expected, file)
  if (found === true) return { link: 'linked', path: expected }
  const beside = resolve(projectFolder, basename(expected))
  if ((await hasContent(beside, file)) === true) return { link: 'linked', path: beside }
  return { link: found === null ? 'missing' : 'changed', path: expected }
}
