// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import type { Notice } from '../../electron/contract/events.ts'
import { useNotices } from '../stores/notices.ts'
import { usePlayback } from '../stores/playback.ts'
import { useSelection } from '../stores/selection.ts'
import { buttonCalled, mountStudio } from '../testing/mount-studio.ts'
import { openStudio } from '../testing/open-studio.ts'
import { projectFixture } from '../testing/project-fixture.ts'
import { settled } from '../testing/scripted-host.ts'
import { unmountAfterEach } from '../testing/unmount-after-each.ts'
import NoticeStack from './notice-stack.vue'

unmountAfterEach()

const notice: Notice = {
  level: 'warning',
  code: 'LookAlikes',
  message: 'Cup and cup come together on frame 41.',
  place: { videoId: 2, frameIndex: 41, objectIds: [2, 3] },
}

test('a notice leads to the frame of its video with its objects selected, and goes', async () => {
  const studio = await openStudio()
  mountStudio(NoticeStack, studio)
  studio.host.emit('notice', notice)
  await settled()
  const selection = useSelection()
  usePlayback().play()
  buttonCalled('Go to frame 41').click()
  await settled()
  expect(usePlayback().playing).toBe(false)
  expect([selection.videoId, selection.frameIndex]).toEqual([2, 41])
  expect(selection.selectedObjectIds).toEqual([2, 3])
  expect(useNotices().shown).toEqual([])
})

test('what leads into a project goes when another is opened', async () => {
  const studio = await openStudio()
  studio.host.emit('notice', notice)
  studio.host.emit('notice', { level: 'warning', code: 'Other', message: 'The disk is nearly full.' })
  studio.host.emit('project.opened', { project: projectFixture(), notices: [] })
  await settled()
  expect(useNotices().shown.map(({ code }) => code)).toEqual(['Other'])
})
