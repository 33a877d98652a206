import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { makeClip } from '../../../test/command-line.ts'
import { startRedis, type RedisServer } from '../../../test/fixtures/batch/redis-server.ts'
import type { Device } from '../../../models/runtime/session.ts'
import type { QueueJob } from '../../contract/queue.ts'
import { QueueWorker } from '../batch/queue/queue-worker.ts'
import { RedisAddress } from '../batch/queue/redis-address.ts'
import { JobProcess } from '../batch/run/job-process.ts'
import { startTestEngine, testDataFolder, type TestEngine } from '../engine-fixture.ts'

// A worker starts from source, which takes long where others compute, too.
vi.setConfig({ testTimeout: 600_000 })

const FRAMES = 5
const PASSWORD = 'correct-horse'

let folder: string
let remove: () => void
let redis: RedisServer
let address: string
let engine: TestEngine
let worker: QueueWorker | null
let videoId: number
let objectId: number

beforeEach(async () => {
  ;({ folder, remove } = testDataFolder())
  worker = null
  redis = await startRedis(folder, ['--requirepass', PASSWORD])
  address = redis.address.replace('redis://', `redis://:${PASSWORD}@`)
  engine = await startTestEngine(join(folder, 'data'))
  await engine.call('project.create', { fileToken: null, name: 'Monday' })
  const clip = join(folder, 'clip.mp4')
  await makeClip(clip, { frames: FRAMES })
  const added = await engine.call('video.add', { fileTokens: [engine.grant(clip, 'addVideo')] })
  videoId = added.videoIds[0]!
  ;({ objectId } = await engine.call('object.add', {}))
  await engine.call('prompt.addPoint', { ...{ videoId, objectId, frameIndex: 2 }, x: 80, y: 60, label: 1 })
})
afterEach(async () => {
  await worker?.close()
  await engine.hosted.close()
  await redis.stop()
  remove()
})

function use(to: string | null = address) {
  const fileToken = engine.grant(join(folder, 'store'), 'queueStore')
  return engine.call('queue.use', { address: to, store: { kind: 'folder', fileToken } })
}

function startWorker(device: Device): void {
  const settings = { store: join(folder, 'store'), workFolder: join(folder, 'work') }
  const jobProcess = new JobProcess({ ...settings, device, threads: 1, spanSteps: 64 })
  worker = new QueueWorker({
    ...{ address: new RedisAddress(address), jobProcess, lostAfterSeconds: 30 },
    say: () => {},
  })
}

/** The only job, when it has come to this state. */
async function jobThatIs(state: QueueJob['state']): Promise<QueueJob> {
  let job: QueueJob | undefined
  await expect
    .poll(async () => (job = (await engine.call('queue.status', {})).jobs[0])?.state, { timeout: 240_000 })
    .toBe(state)
  return job!
}

it('remembers a queue that answers, and tells its credentials to nobody', async () => {
  await expect(engine.call('queue.send', { videoIds: [videoId] })).rejects.toThrow('where the queue')
  await expect(use('http://somewhere')).rejects.toThrow('redis://')
  const wrong = redis.address.replace('redis://', 'redis://:battery-staple@')
  await expect(use(wrong)).rejects.toThrow(/^(?!.*battery-staple).*cannot be used/s)
  expect((await engine.call('queue.status', {})).address).toBeNull()

  const status = await use()
  const counts = { waiting: 0, active: 0, failed: 0 }
  expect(status).toEqual({
    ...{ address: redis.address, store: join(folder, 'store'), counts, failure: null, jobs: [] },
  })
  const path = join(engine.dataFolder, 'queue.json')
  expect(await readFile(path, 'utf8')).toContain(PASSWORD)
  if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600)

  await redis.stop()
  await expect.poll(async () => (await engine.call('queue.status', {})).failure).toContain('cannot be used')
  const { text } = await engine.call('diagnostics.copy', {})
  const told = [text, engine.emitted, engine.defects, await engine.call('queue.status', {})]
  expect(JSON.stringify(told)).not.toContain(PASSWORD)
})

it('takes no path of a store from the interface', async () => {
  const elsewhere = { kind: 'bucket', address: join(folder, 'elsewhere') } as const
  await expect(engine.call('queue.use', { address, store: elsewhere })).rejects.toThrow('s3://BUCKET')
  await expect(stat(elsewhere.address)).rejects.toThrow('ENOENT')
})

it('sends a video, takes it out again while it waits, and takes back what a worker found', async () => {
  await use()
  expect(await engine.call('queue.send', { videoIds: [videoId] })).toEqual({ jobCount: 1 })
  const waiting = await jobThatIs('waiting')
  expect(waiting).toMatchObject({ title: 'clip.mp4', videoId, isTaken: false, failure: null })
  await engine.call('queue.remove', { jobIds: [waiting.jobId] })
  expect(await engine.call('queue.status', {})).toMatchObject({ jobs: [], counts: { waiting: 0 } })
  await expect(engine.call('queue.take', { jobIds: [waiting.jobId] })).rejects.toThrow('not on the list')

  await engine.call('queue.send', { videoIds: [videoId] })
  // It has no such device, which is told.
  startWorker(process.platform === 'win32' ? 'coreml' : 'dml')
  const { jobId, notice } = await jobThatIs('done')
  expect(notice).toMatch(/could not be run on .* goes on on the processor/)
  const { maskCount } = await engine.call('queue.take', { jobIds: [jobId] })
  expect(maskCount).toBe(FRAMES - 1)
  expect((await jobThatIs('done')).isTaken).toBe(true)
  const masks = () =>
    engine.call('masks.get', {
      videoId,
      objectIds: null,
      span: { first: 0, last: FRAMES - 1 },
      cleaned: false,
    })
  const { project } = await engine.call('project.current', {})
  const imported = project!.versions.filter(({ origin }) => origin === 'import')
  expect(imported).toMatchObject([{ videoId, objectId, model: 'nano' }])
  const taken = (await masks()).masks.filter(({ versionId }) => versionId === imported[0]!.id)
  // The prompted frame stands for itself.
  expect(taken.map(({ frameIndex }) => frameIndex)).toEqual([0, 1, 3, 4])
  for (const { predictedIou, objectScore } of taken)
    expect([typeof predictedIou, typeof objectScore]).toEqual(['number', 'number'])

  await engine.call('history.undo', {})
  expect((await masks()).masks.map(({ frameIndex }) => frameIndex)).toEqual([2])
})

it('sends nothing when a prompt lies outside the markers, and names it', async () => {
  await use()
  await engine.call('markers.set', { videoId, markers: { inFrame: 3, outFrame: null } })
  await expect(engine.call('queue.send', { videoIds: [videoId] })).rejects.toThrow(
    /^clip\.mp4: .* has a prompt on frame 2, but what is to be tracked begins at frame 3\./,
  )
  expect(await engine.call('queue.status', {})).toMatchObject({ jobs: [], counts: { waiting: 0 } })
})

it('shows why a job failed, and begins it anew when it is sent again', async () => {
  await use()
  await engine.call('queue.send', { videoIds: [videoId] })
  await rm(join(folder, 'store', 'blobs'), { recursive: true })
  startWorker('cpu')
  expect((await jobThatIs('failed')).failure).toBe('The store does not have clip.mp4.')
  await engine.call('queue.send', { videoIds: [videoId] })
  expect((await jobThatIs('done')).failure).toBeNull()
})
