// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { UserFacingError } from '../../electron/contract/errors.ts'
import { DEFAULT_VIEW } from '../../electron/contract/project.ts'
import { projectFixture, videoRecord } from '../testing/project-fixture.ts'
import { openStudio } from '../testing/open-studio.ts'
import { settled } from '../testing/scripted-host.ts'
import { useHistorySteps } from './history-steps.ts'
import { useNavigation } from './navigation.ts'
import { useSelection } from './selection.ts'
import { useView } from './view.ts'

test('a project opens where it was left', async () => {
  await openStudio(
    projectFixture({
      view: {
        ...DEFAULT_VIEW,
        videoId: 2,
        frameIndex: 33,
        selectedObjectIds: [3, 2],
        soloObjectIds: [2],
        zoom: 2,
      },
    }),
  )
  const selection = useSelection()
  expect(selection.video?.id).toBe(2)
  expect(selection.frameIndex).toBe(33)
  expect(selection.objectId).toBe(2)
  expect(useView().view.zoom).toBe(2)
  expect([...useView().shownObjectIds]).toEqual([2])
})

test('another video is fitted into the stage, and undo shows what it takes back in another one', async () => {
  const { host, change } = await openStudio(
    projectFixture({ view: { ...DEFAULT_VIEW, videoId: 1, frameIndex: 7, zoom: 2 } }),
  )
  const selection = useSelection()
  const { view } = useView()
  expect(view.zoom).toBe(2)
  selection.selectVideo(2)
  expect(view.zoom).toBeNull()

  const takeBack = (videoId: number) => {
    host.answer('history.undo', () => ({
      revision: change([], [{ videoId, objectId: 1, first: 12, last: 20 }]),
    }))
    return useHistorySteps().undo()
  }
  await takeBack(2)
  expect([selection.videoId, selection.frameIndex]).toEqual([2, 0])
  await takeBack(1)
  expect([selection.videoId, selection.frameIndex]).toEqual([1, 12])
})

test('a stored view that no longer fits the project is brought into it', async () => {
  await openStudio(
    projectFixture({ view: { ...DEFAULT_VIEW, videoId: 9, frameIndex: 500, selectedObjectIds: [77] } }),
  )
  const selection = useSelection()
  expect(selection.videoId).toBe(1)
  expect(selection.frameIndex).toBeLessThanOrEqual(99)
  expect(selection.objectId).toBeNull()
})

test('frames stay inside the film', async () => {
  await openStudio()
  const selection = useSelection()
  for (const [asked, got] of [
    [-5, 0],
    [12.4, 12],
    [1e9, 99],
  ] as const) {
    selection.goToFrame(asked)
    expect(selection.frameIndex).toBe(got)
  }
})

test('a removed video gives way to the first, a deleted object to nothing', async () => {
  const { change } = await openStudio()
  const selection = useSelection()
  change([{ collection: 'objects', put: [], remove: [1] }])
  expect(selection.objectId).toBeNull()
  change([{ collection: 'videos', put: [], remove: [1] }])
  expect(selection.videoId).toBe(2)
  change([{ collection: 'videos', put: [], remove: [2] }])
  expect(selection.video).toBeNull()
  change([{ collection: 'videos', put: [videoRecord(5)], remove: [] }])
  expect(selection.videoId).toBe(5)
})

test('several objects can be selected, the last one takes prompts', async () => {
  await openStudio()
  const selection = useSelection()
  selection.toggleObject(3)
  expect(selection.selectedObjectIds).toEqual([1, 3])
  expect(selection.objectId).toBe(3)
  selection.toggleObject(3)
  expect(selection.objectId).toBe(1)
})

test('unset markers are the ends of the film', async () => {
  await openStudio(projectFixture({ videos: [videoRecord(1, { markers: { inFrame: 10, outFrame: null } })] }))
  expect(useSelection().markedSpan).toEqual({ first: 10, last: 99 })
})

test('markers count from the moment they are asked for, and not when the engine refuses them', async () => {
  const { host } = await openStudio(projectFixture({ videos: [videoRecord(1)] }))
  const selection = useSelection()
  let answer = (): void => {}
  host.answer(
    'markers.set',
    () =>
      new Promise((_, reject) => {
        answer = () => {
          reject(new UserFacingError('ProjectNotSaved', 'It could not be saved.'))
        }
      }),
  )
  const setting = useNavigation().setMarkers({ inFrame: 7 })
  expect(selection.markedSpan).toEqual({ first: 7, last: 99 })
  await settled()
  answer()
  await setting
  expect(selection.markedSpan).toEqual({ first: 0, last: 99 })
})

test('a new object is selected when it is there, unless the person chose others meanwhile', async () => {
  await openStudio(projectFixture())
  const selection = useSelection()
  const made = { objectId: 2 }
  const first = selection.selectWhenMade(Promise.resolve({ objectId: 1 }))
  const second = selection.selectWhenMade(Promise.resolve(made))
  await Promise.all([first, second])
  expect(selection.selectedObjectIds).toEqual([2])

  const third = selection.selectWhenMade(Promise.resolve(made))
  selection.selectObjects([1, 2])
  await third
  expect(selection.selectedObjectIds).toEqual([1, 2])
})
