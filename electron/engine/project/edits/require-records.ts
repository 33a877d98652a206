import type { RunLengthMask } from '../../../contract/mask.ts'
import type { ObjectClass, TrackedObject } from '../../../contract/project.ts'
import type { TrackRun, TrackVersion } from '../../../contract/tracking.ts'
import {
  FrameOutsideVideoError,
  MaskOfOtherSizeError,
  ObjectLockedError,
  UnknownRecordError,
} from '../project-errors.ts'
import type { RecordReader } from '../record-reader.ts'
import type { StoredVideo, VideoFile } from '../stored-records.ts'

export function requireVideo(records: RecordReader, videoId: number): StoredVideo {
  const video = records.get('videos', videoId)
  if (video === undefined) throw new UnknownRecordError('video')
  return video
}

export function requireVideoFile(records: RecordReader, videoId: number): VideoFile {
  requireVideo(records, videoId)
  const file = records.get('videoFiles', videoId)
  if (file === undefined) throw new UnknownRecordError('video')
  return file
}

export function requireFrame(records: RecordReader, videoId: number, ...frameIndexes: number[]): VideoFile {
  const file = requireVideoFile(records, videoId)
  for (const frameIndex of frameIndexes) {
    if (frameIndex >= file.frameCount) throw new FrameOutsideVideoError(frameIndex, file.frameCount)
  }
  return file
}

export function requireMaskSize(file: VideoFile, mask: RunLengthMask): void {
  const [heightPx, widthPx] = mask.size
  if (heightPx === file.heightPx && widthPx === file.widthPx) return
  throw new MaskOfOtherSizeError([file.heightPx, file.widthPx], mask.size)
}

export function requireObject(records: RecordReader, objectId: number): TrackedObject {
  const object = records.get('objects', objectId)
  if (object === undefined) throw new UnknownRecordError('object')
  return object
}

/** For edits of prompts, presence and masks, which a lock forbids. */
export function requireUnlocked(records: RecordReader, objectId: number): TrackedObject {
  const object = requireObject(records, objectId)
  if (object.locked) throw new ObjectLockedError(object.name)
  return object
}

export function requireClass(records: RecordReader, classId: number): ObjectClass {
  const objectClass = records.get('classes', classId)
  if (objectClass === undefined) throw new UnknownRecordError('class')
  return objectClass
}

export function requireVersion(records: RecordReader, versionId: number): TrackVersion {
  const version = records.get('versions', versionId)
  if (version === undefined) throw new UnknownRecordError('version')
  return version
}

export function requireRun(records: RecordReader, runId: number): TrackRun {
  const run = records.get('runs', runId)
  if (run === undefined) throw new UnknownRecordError('tracking run')
  return run
}
