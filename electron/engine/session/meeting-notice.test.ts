import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { noticeSchema } from '../../contract/events.ts'
import { addVideos } from '../project/edits/video-edits.ts'
import { projectWith, testFolder, videoFile } from '../project/store-fixture.ts'
import { meetingNotice } from './meeting-notice.ts'

const { folder, remove } = testFolder()
afterEach(remove)

test('a warning of two objects names the video where there are several, and leads to the frame', async () => {
  const { store, videoId, objectIds } = await projectWith(join(folder, 'film.maskwright'), {
    frameCount: 50,
    objects: 2,
  })
  const meeting = { videoId, objectIds: objectIds as [number, number], frameIndex: 41 }
  const [first, second] = objectIds.map((id) => store.records.get('objects', id)!.name)
  const alone = noticeSchema.parse(meetingNotice(store.records, meeting))
  expect(alone.message).toContain(`${first!} and ${second!} come together on frame 41. `)
  expect(alone.place).toEqual(meeting)
  addVideos(store, [{ name: 'Take 2', file: videoFile(30, 'other.mp4') }])
  const { videoIds } = addVideos(store, [{ name: 'Take 3', file: videoFile(30, 'third.mp4') }])
  const notice = meetingNotice(store.records, { ...meeting, videoId: videoIds[0]! })
  expect(notice.message).toContain('come together on frame 41 of Take 3. ')
  store.close()
})
