// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import { UserFacingError } from '../../electron/contract/errors.ts'
import type { QueueJob, QueueStatus } from '../../electron/contract/queue.ts'
import { useFiles } from '../stores/files.ts'
import { useNotices } from '../stores/notices.ts'
import { buttonCalled, mountStudio, onPage } from '../testing/mount-studio.ts'
import { openStudio, type OpenStudio } from '../testing/open-studio.ts'
import { settled } from '../testing/scripted-host.ts'
import { unmountAfterEach } from '../testing/unmount-after-each.ts'
import QueueDialog from './queue-dialog.vue'

unmountAfterEach()

const TOKEN = 'a'.repeat(24)
const nowhere: QueueStatus = { address: null, store: null, counts: null, failure: null, jobs: [] }
const connected: QueueStatus = {
  ...{ address: 'redis://queue:6379', store: '/shared/results', failure: null, jobs: [] },
  counts: { waiting: 3, active: 1, failed: 0 },
}
let studio: OpenStudio
let status: QueueStatus

function job(number: number, changes: Partial<QueueJob>): QueueJob {
  return {
    jobId: String(number).repeat(64),
    ...{ title: `clip ${number}.mp4`, videoId: 1, sentAt: 0, state: 'waiting', isTaken: false },
    ...{ progress: null, notice: null, failure: null },
    ...changes,
  }
}

beforeEach(async () => {
  studio = await openStudio()
  studio.host.answer('queue.status', () => status)
})

async function open(now: QueueStatus): Promise<void> {
  status = now
  mountStudio(QueueDialog, studio)
  await settled()
}

async function press(name: string): Promise<void> {
  buttonCalled(name).click()
  await settled()
}

function type(label: string, text: string): void {
  const field = onPage(`input[aria-label="${label}"]`)[0] as HTMLInputElement
  field.value = text
  field.dispatchEvent(new Event('input'))
}

const rows = () => onPage('li').map((row) => row.textContent.trim())

test('it asks for queue and store first, and shows the address without what was typed', async () => {
  studio.host.answer('queue.use', () => (status = connected))
  await open(nowhere)
  expect(buttonCalled('Connect').getAttribute('aria-disabled')).toBe('true')
  type('Queue', ' redis://:secret@queue:6379 ')
  await press('Choose folder…')
  useFiles().browsing?.answer([{ token: TOKEN, name: 'results', kind: 'folder' }])
  await settled()
  await press('Connect')
  expect(studio.host.paramsOf('queue.use')).toEqual([
    { address: 'redis://:secret@queue:6379', store: { kind: 'folder', fileToken: TOKEN } },
  ])
  expect(document.body.textContent).toContain('3 waiting · 1 at work')
  expect(document.body.innerHTML).not.toContain('secret')
})

test('a store in a bucket is an address, and what is left empty stays as it is', async () => {
  studio.host.answer('queue.use', () => {
    throw new UserFacingError('StoreUnavailable', 'The store cannot be used.')
  })
  await open(connected)
  await press('Change…')
  await press('S3 bucket')
  type('Address of the bucket', 's3://results/monday')
  await press('Connect')
  expect(studio.host.paramsOf('queue.use')).toEqual([
    { address: null, store: { kind: 'bucket', address: 's3://results/monday' } },
  ])
  // The words that were typed stay until they are right.
  expect(useNotices().shown.map(({ message }) => message)).toEqual(['The store cannot be used.'])
  expect(buttonCalled('Connect')).toBeDefined()
})

test('it sends the videos that have prompts and are not switched off', async () => {
  studio.host.answer('queue.send', () => ({ jobCount: 1 }))
  await open(connected)
  expect(onPage('[role="switch"]').map((one) => one.getAttribute('aria-label'))).toEqual(['clip 1'])
  await press('Send 1 video')
  expect(studio.host.paramsOf('queue.send')).toEqual([{ videoIds: [1] }])
  onPage('[role="switch"]')[0]!.click()
  await settled()
  expect(buttonCalled('Send 0 videos').getAttribute('aria-disabled')).toBe('true')
})

test('it lists jobs with what became of them, cancels, and takes results back', async () => {
  studio.host.answer('queue.remove', () => ({}))
  studio.host.answer('queue.take', () => ({ revision: 2, maskCount: 99 }))
  const jobs = [
    job(1, { state: 'waiting' }),
    job(2, { state: 'active', progress: { stepsDone: 5, stepCount: 20 } }),
    job(3, { state: 'failed', failure: 'The store does not have clip 3.mp4.' }),
    job(4, { state: 'done' }),
    job(5, { state: 'done' }),
    job(6, { state: 'done', isTaken: true }),
  ]
  await open({ ...connected, jobs })
  expect(rows()).toEqual([
    'clip 1.mp4Waiting for a worker',
    'clip 2.mp4Being tracked · 5 / 20 frames',
    'clip 3.mp4The store does not have clip 3.mp4.',
    'clip 4.mp4DoneTake',
    'clip 5.mp4DoneTake',
    'clip 6.mp4Done, taken into the project',
  ])
  await press('Cancel clip 1.mp4')
  expect(() => buttonCalled('Take clip 2.mp4 off the list')).toThrow()
  await press('Take clip 3.mp4 off the list')
  expect(studio.host.paramsOf('queue.remove').flatMap(({ jobIds }) => jobIds[0]![0])).toEqual(['1', '3'])
  await press('Take')
  await press('Take 2 results')
  expect(studio.host.paramsOf('queue.take').map(({ jobIds }) => jobIds.map((id) => id[0]))).toEqual([
    ['4'],
    ['4', '5'],
  ])
  expect(useNotices().shown.at(-1)?.message).toBe('99 masks were taken over.')
})

test('a job that waits for more than a worker says what for', async () => {
  const failure = 'The model tiny is not on this machine yet; download it first.'
  await open({ ...connected, jobs: [job(1, { failure })] })
  expect(rows()).toEqual([`clip 1.mp4Waiting for a worker · ${failure}`])
})

test('a job whose model runs otherwise than asked says how, at work and when it is done', async () => {
  const notice = 'The graphics device was lost while the model ran. The model goes on on the processor.'
  const progress = { stepsDone: 5, stepCount: 20 }
  const jobs = [
    job(1, { state: 'active', progress, notice }),
    job(2, { state: 'done', notice, isTaken: true }),
  ]
  await open({ ...connected, jobs })
  expect(rows()).toEqual([
    `clip 1.mp4Being tracked · 5 / 20 frames · ${notice}`,
    `clip 2.mp4Done, taken into the project · ${notice}`,
  ])
})

test('a queue that is away is said, and its jobs stay on the list', async () => {
  const failure = 'The queue redis://queue:6379 cannot be used (connection refused).'
  await open({ ...connected, counts: null, failure, jobs: [job(1, { state: 'unknown' })] })
  expect(onPage('[role="status"]').map((one) => one.textContent)).toEqual([failure])
  expect(rows()).toEqual(['clip 1.mp4The queue cannot be asked now'])
})
