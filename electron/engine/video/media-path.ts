/** A path as ffmpeg and ffprobe take it; without the prefix one such as `a:b.mp4` would be taken for a protocol. */
export function mediaPath(path: string): string {
  return `file:${path}`
}

/** A file as the input of ffmpeg or ffprobe. */
export function inputArgs(path: string): string[] {
  return ['-i', mediaPath(path)]
}
