import type { ShotBoundary } from '../../contract/project.ts'
import type { RecordReader } from './record-reader.ts'

/** The shot boundaries of a video. */
export function shotsOf(records: RecordReader, videoId: number): ShotBoundary[] {
  return [...records.all('shots')].filter((shot) => shot.videoId === videoId)
}

/** The frames on which shots of a video begin. */
export function shotStartsOf(records: RecordReader, videoId: number): number[] {
  return shotsOf(records, videoId).map(({ frameIndex }) => frameIndex)
}
