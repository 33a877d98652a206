// @vitest-environment happy-dom
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { videoRecord } from '../testing/project-fixture.ts'
import { openStudio } from '../testing/open-studio.ts'
import { usePresentationTimes } from './presentation-times.ts'

test('the frame at a time is the newest one shown, at any frame rate', async () => {
  const { host } = await openStudio()
  const store = usePresentationTimes()
  let id = 10
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.double({ min: 0.001, max: 2, noNaN: true }), { minLength: 1, maxLength: 50 }),
      async (gaps) => {
        let time = 0
        const times = gaps.map((gap) => (time += gap))
        id += 1
        const video = videoRecord(id, { frameCount: times.length })
        host.answer('video.presentationTimes', () => ({ contentId: video.contentId, times }))
        await store.ensure(video)
        times.forEach((at, frame) => {
          expect(store.timeOf(video, frame)).toBe(at)
          expect(store.frameAt(video, at)).toBe(frame)
          expect(store.frameAt(video, at + gaps[frame + 1]! / 2 || at)).toBe(frame)
        })
        expect(store.frameAt(video, -1)).toBe(0)
      },
    ),
    { numRuns: 40 },
  )
})

test('it is asked for once, and not for a film that is missing', async () => {
  const { host } = await openStudio()
  const store = usePresentationTimes()
  const video = videoRecord(5, { frameCount: 2 })
  host.answer('video.presentationTimes', () => ({ contentId: video.contentId, times: [0, 1] }))
  await Promise.all([store.ensure(video), store.ensure(video)])
  await store.ensure(video)
  await store.ensure(videoRecord(6, { link: 'missing' }))
  expect(host.paramsOf('video.presentationTimes')).toHaveLength(1)
  expect(store.timeOf(videoRecord(6), 0)).toBeNull()
})
