import { contentIdOf, fingerprintVideo } from '../project/video-fingerprint.ts'
import { storedPath } from '../project/video-location.ts'
import type { VideoFile } from '../project/stored-records.ts'
import type { VideoSource } from '../video/video-source.ts'

/** What a project keeps of the file behind a video. */
export async function describeVideo(
  source: VideoSource,
  projectFolder: string,
): Promise<Omit<VideoFile, 'id'>> {
  const { widthPx, heightPx, pixelAspectRatio, frameCount, presentationTimes, timeBase, hasAudio } = source
  const fingerprint = await fingerprintVideo(source.path)
  const lastSeconds = (source.lastFrameTicks * timeBase.numerator) / timeBase.denominator
  return {
    relativePath: storedPath(projectFolder, source.path),
    kind: source.kind === 'file' ? 'video' : 'images',
    contentId: contentIdOf(fingerprint),
    fingerprint,
    widthPx,
    heightPx,
    pixelAspectRatio,
    frameCount,
    durationSeconds: presentationTimes[frameCount - 1]! - presentationTimes[0]! + lastSeconds,
    hasAudio,
  }
}
