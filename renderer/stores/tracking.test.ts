// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { TrackEstimate, TrackProgress, TrackRun } from '../../electron/contract/tracking.ts'
import { objectRecord, pointRecord, projectFixture } from '../testing/project-fixture.ts'
import { openStudio } from '../testing/open-studio.ts'
import { useSelection } from './selection.ts'
import { useSettings } from './settings.ts'
import { useTracking } from './tracking.ts'

const estimate: TrackEstimate = {
  frames: 100,
  seconds: 50,
  memoryBytes: 1e9,
  deviceMemoryBytes: null,
  fitsInMemory: true,
  basis: 'measured',
}

function run(id: number, state: TrackRun['state']): TrackRun {
  return {
    id,
    request: {
      videoId: 1,
      objectIds: [1],
      direction: 'both',
      startFrame: null,
      limit: { kind: 'end' },
      extent: 'all',
    },
    state,
    model: 'nano',
    framesDone: 0,
    framesTotal: 100,
    createdAt: 1,
    failure: null,
  }
}

function progress(runId: number, changes: Partial<TrackProgress> = {}): TrackProgress {
  return {
    runId,
    state: 'running',
    framesDone: 30,
    framesTotal: 100,
    framesPerSecond: 3,
    secondsLeft: 20,
    frameIndex: 30,
    failure: null,
    ...changes,
  }
}

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

test('only objects that were begun and are not locked are tracked', async () => {
  await openStudio(
    projectFixture({
      objects: [objectRecord(1), objectRecord(2), objectRecord(3, { locked: true })],
      prompts: [pointRecord(1, 1, 0), pointRecord(2, 3, 0), { ...pointRecord(3, 2, 0), videoId: 2 }],
    }),
  )
  const tracking = useTracking()
  expect(tracking.trackableObjectIds).toEqual([1])
  tracking.options.objects = 'selected'
  useSelection().selectObjects([2, 3])
  expect(tracking.request).toBeNull()
  useSelection().selectVideo(2)
  expect(tracking.request?.objectIds).toEqual([2])
})

test('the estimate follows what Track would do', async () => {
  const { host } = await openStudio()
  host.answer('track.estimate', ({ direction }) => ({ ...estimate, seconds: direction === 'both' ? 50 : 25 }))
  const tracking = useTracking()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(tracking.estimate?.seconds).toBe(50)
  tracking.options.direction = 'forward'
  await vi.advanceTimersByTimeAsync(1_000)
  expect(tracking.estimate?.seconds).toBe(25)
})

test('another model or input size needs another estimate', async () => {
  const { host } = await openStudio()
  host.answer('track.estimate', () => estimate)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(host.paramsOf('track.estimate')).toHaveLength(1)
  await useSettings().patch({ theme: 'light' })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(host.paramsOf('track.estimate')).toHaveLength(1)
  await useSettings().patch({ inputSizePx: 256 })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(host.paramsOf('track.estimate')).toHaveLength(2)
})

test('the run that goes comes before those that wait or were interrupted', async () => {
  const { change } = await openStudio(projectFixture({ runs: [run(1, 'interrupted'), run(2, 'finished')] }))
  const tracking = useTracking()
  expect(tracking.activeRun?.id).toBe(1)
  change([{ collection: 'runs', put: [run(3, 'running'), run(4, 'waiting')], remove: [] }])
  expect(tracking.activeRun?.id).toBe(3)
  expect(tracking.isRunning).toBe(true)
})

test('progress moves a run along; its state is what the project says', async () => {
  const { host, change } = await openStudio(projectFixture({ runs: [run(1, 'running')] }))
  const tracking = useTracking()
  host.emit('track.progress', progress(1))
  expect(tracking.activeRun?.framesDone).toBe(30)
  change([{ collection: 'runs', put: [run(1, 'paused')], remove: [] }])
  host.emit('track.progress', progress(1, { framesDone: 31 }))
  expect(tracking.activeRun).toMatchObject({ state: 'paused', framesDone: 31 })
  change([{ collection: 'runs', put: [run(1, 'cancelled')], remove: [] }])
  expect(tracking.activeRun).toBeNull()
})

test('starting asks for what is shown, and for what a special way changes', async () => {
  const { host } = await openStudio()
  host.answer('track.start', () => ({ revision: 2, run: run(1, 'running') }))
  const tracking = useTracking()
  await tracking.start()
  await tracking.start({ direction: 'forward', startFrame: 4, limit: { kind: 'steps', steps: 1 } })
  expect(host.paramsOf('track.start')).toEqual([
    {
      videoId: 1,
      objectIds: [1],
      direction: 'both',
      startFrame: null,
      limit: { kind: 'markers' },
      extent: 'all',
    },
    {
      videoId: 1,
      objectIds: [1],
      direction: 'forward',
      startFrame: 4,
      limit: { kind: 'steps', steps: 1 },
      extent: 'all',
    },
  ])
})
