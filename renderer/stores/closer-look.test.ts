// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openStudio, type OpenStudio } from '../testing/open-studio.ts'
import { useCloserLook } from './closer-look.ts'
import { usePlayback } from './playback.ts'
import { useSelection } from './selection.ts'

let studio: OpenStudio

beforeEach(async () => {
  studio = await openStudio()
  vi.useFakeTimers()
  studio.host.answer('frame.view', ({ objectId, frameIndex }) => ({
    view: objectId === 1 ? { left: frameIndex, top: 5, right: frameIndex + 20, bottom: 15 } : null,
  }))
})
afterEach(() => {
  vi.useRealTimers()
})

test('the part that is looked at is that of the frame on which one rests', async () => {
  const closerLook = useCloserLook()
  await vi.runAllTimersAsync()
  expect(closerLook.view).toEqual({ left: 0, top: 5, right: 20, bottom: 15 })
  const asked = studio.host.paramsOf('frame.view').length

  const selection = useSelection()
  for (const frameIndex of [3, 4, 5]) {
    selection.goToFrame(frameIndex)
    await vi.advanceTimersByTimeAsync(10)
  }
  await vi.runAllTimersAsync()
  expect(studio.host.paramsOf('frame.view').slice(asked)).toEqual([
    { videoId: 1, objectId: 1, frameIndex: 5 },
  ])
  expect(closerLook.view?.left).toBe(5)

  selection.selectObject(2)
  expect(closerLook.view).toBeNull()
  await vi.runAllTimersAsync()
  expect(closerLook.view).toBeNull()
})

test('nothing is asked or shown while the film plays', async () => {
  const closerLook = useCloserLook()
  await vi.runAllTimersAsync()
  usePlayback().play()
  expect(closerLook.view).toBeNull()
  const asked = studio.host.paramsOf('frame.view').length
  useSelection().goToFrame(9)
  await vi.runAllTimersAsync()
  expect(studio.host.paramsOf('frame.view')).toHaveLength(asked)
  expect(closerLook.view).toBeNull()
})
