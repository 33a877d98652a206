import type { Notice } from '../../contract/events.ts'
import { LIMITS } from '../../contract/limits.ts'
import type { RecordReader } from '../project/record-reader.ts'
import type { Meeting } from '../runs/run-job.ts'

/** Warns of two objects that may have been taken for each other; names the video where there are several. */
export function meetingNotice(records: RecordReader, { videoId, objectIds, frameIndex }: Meeting): Notice {
  const [first, second] = objectIds.map((id) => records.get('objects', id)?.name ?? '')
  const videos = [...records.all('videos')]
  const video = videos.find(({ id }) => id === videoId)
  const of = video !== undefined && videos.length > 1 ? ` of ${video.name}` : ''
  const message = `${first!} and ${second!} come together on frame ${String(frameIndex)}${of}. See whether they were taken for each other.`
  return {
    ...{ level: 'warning', code: 'LookAlikes', message: message.slice(0, LIMITS.textLength) },
    place: { videoId, frameIndex, objectIds: [...objectIds] },
  }
}
