// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openStudio } from '../testing/open-studio.ts'
import { usePlayback } from './playback.ts'
import { useSelection } from './selection.ts'
import { useView } from './view.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

test('it is stored once the person rests, with what selection and playback lead', async () => {
  const { host } = await openStudio()
  const view = useView()
  const selection = useSelection()
  const stored = (): unknown[] => host.paramsOf('view.set')
  await vi.advanceTimersByTimeAsync(1_000)
  const before = stored().length
  for (const frame of [5, 6, 7]) {
    selection.goToFrame(frame)
    await vi.advanceTimersByTimeAsync(100)
  }
  view.set({ zoom: 3, mode: 'mattes' })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(stored()).toHaveLength(before + 1)
  expect(stored().at(-1)).toMatchObject({ view: { frameIndex: 7, zoom: 3, mode: 'mattes', videoId: 1 } })
})

test('it is not stored while the film runs', async () => {
  const { host } = await openStudio()
  await vi.advanceTimersByTimeAsync(1_000)
  const before = host.paramsOf('view.set').length
  usePlayback().play()
  useSelection().goToFrame(20)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(host.paramsOf('view.set')).toHaveLength(before)
})

test('one alone is shown, else all that are visible', async () => {
  await openStudio()
  const view = useView()
  expect([...view.shownObjectIds]).toEqual([1, 2, 3])
  view.toggleSolo(2)
  expect([...view.shownObjectIds]).toEqual([2])
  view.toggleSolo(3)
  expect([...view.shownObjectIds]).toEqual([2, 3])
  view.toggleSolo(2)
  view.toggleSolo(3)
  expect([...view.shownObjectIds]).toEqual([1, 2, 3])
})
