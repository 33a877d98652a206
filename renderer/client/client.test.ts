import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { UserFacingError } from '../../electron/contract/errors.ts'
import { CONTRACT_VERSION } from '../../electron/contract/hello.ts'
import { createScriptedHost, settled } from '../testing/scripted-host.ts'
import { CallFailed, LineLost } from './call-failed.ts'
import { reconnectDelayMs } from './client.ts'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('it greets first and is open once the host answered', async () => {
  const host = createScriptedHost()
  const states: string[] = []
  host.client.onState((state, hello) => states.push(`${state} ${hello?.appVersion ?? ''}`))
  expect(host.client.state).toBe('connecting')
  await settled()
  expect(states).toEqual(['open 1.2.3'])
  expect(host.requests).toEqual([{ id: 0, command: 'hello', params: { contractVersion: CONTRACT_VERSION } }])
})

test('a call carries its mark and gets the checked result', async () => {
  const host = createScriptedHost()
  host.answer('object.add', () => ({ revision: 7, objectId: 3 }))
  await settled()
  await expect(host.client.call('object.add', { name: ' cup ' }, { mark: 'drag-1' })).resolves.toEqual({
    revision: 7,
    objectId: 3,
  })
  expect(host.requests.at(-1)).toMatchObject({ command: 'object.add', mark: 'drag-1' })
})

test('answers find their calls in any order', async () => {
  const host = createScriptedHost()
  const waiting: (() => void)[] = []
  host.answer(
    'object.rename',
    ({ objectId }) => new Promise((resolve) => waiting.push(() => resolve({ revision: objectId }))),
  )
  await settled()
  const first = host.client.call('object.rename', { objectId: 1, name: 'a' })
  const second = host.client.call('object.rename', { objectId: 2, name: 'b' })
  await settled()
  waiting.reverse().forEach((answer) => {
    answer()
  })
  await expect(Promise.all([first, second])).resolves.toEqual([{ revision: 1 }, { revision: 2 }])
})

test('a refusal keeps its code and sentence', async () => {
  const host = createScriptedHost()
  host.answer('project.openSample', () => {
    throw new UserFacingError('ProjectInUse', 'It is open elsewhere.')
  })
  await settled()
  const error = await host.client.call('project.openSample', {}).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(CallFailed)
  expect(error).toMatchObject({
    code: 'ProjectInUse',
    message: 'It is open elsewhere.',
    command: 'project.openSample',
  })
})

test.each([
  { ok: true, result: { revision: -1 } },
  { ok: true },
  { ok: false, code: 'not-a-code', message: 'x' },
  {},
])('an answer that breaks the contract, %j, rejects its call and nothing else', async (answer) => {
  const host = createScriptedHost()
  let finish = (): void => undefined
  host.answer('object.add', () => new Promise(() => undefined))
  host.answer('history.undo', () => new Promise((resolve) => (finish = () => resolve({ revision: 2 }))))
  await settled()
  const broken = host.client.call('object.add', {})
  const whole = host.client.call('history.undo', {})
  await settled()
  host.send({ id: 1, ...answer })
  await expect(broken).rejects.toMatchObject({ code: 'InvalidMessage' })
  finish()
  await expect(whole).resolves.toEqual({ revision: 2 })
})

test.each([
  null,
  'text',
  42,
  [],
  {},
  { event: 'constructor', payload: {} },
  { event: 'notice' },
  { id: 99, ok: true, result: 1 },
])('the line survives %j', async (message) => {
  const host = createScriptedHost()
  await settled()
  host.send(message)
  host.answer('history.redo', () => ({ revision: 1 }))
  await expect(host.client.call('history.redo', {})).resolves.toEqual({ revision: 1 })
})

test('events reach their listeners until these stop', async () => {
  const host = createScriptedHost()
  const heard: string[] = []
  const stop = host.client.on('notice', (notice) => heard.push(notice.code))
  await settled()
  host.emit('notice', { level: 'warning', code: 'First', message: 'x' })
  stop()
  host.emit('notice', { level: 'warning', code: 'Second', message: 'x' })
  expect(heard).toEqual(['First'])
})

describe('a lost line', () => {
  test('rejects what waits, refuses what comes, and is opened again', async () => {
    const host = createScriptedHost()
    host.answer('object.add', () => new Promise(() => undefined))
    await settled()
    const waiting = host.client.call('object.add', {})
    host.drop()
    await expect(waiting).rejects.toBeInstanceOf(LineLost)
    await expect(host.client.call('history.undo', {})).rejects.toMatchObject({ code: 'LineLost' })
    expect(host.client.state).toBe('lost')
    vi.advanceTimersByTime(reconnectDelayMs(1))
    await settled()
    expect(host.client.state).toBe('open')
    expect(host.attempts()).toBe(2)
  })

  test('is tried less and less often, and afresh after a success', async () => {
    expect([1, 2, 3, 4, 5, 6, 7].map(reconnectDelayMs)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000])
    const host = createScriptedHost({ acceptsAtOnce: false })
    await settled()
    host.drop()
    vi.advanceTimersByTime(250)
    host.drop()
    vi.advanceTimersByTime(499)
    expect(host.attempts()).toBe(2)
    vi.advanceTimersByTime(1)
    expect(host.attempts()).toBe(3)
    host.accept()
    await settled()
    expect(host.client.state).toBe('open')
    host.drop()
    vi.advanceTimersByTime(250)
    expect(host.attempts()).toBe(4)
  })

  test('does not deliver an old answer to a new call', async () => {
    const host = createScriptedHost()
    let answerLate = (): void => undefined
    host.answer('history.undo', () => new Promise((resolve) => (answerLate = () => resolve({ revision: 1 }))))
    await settled()
    const first = host.client.call('history.undo', {}).catch(() => 'lost')
    await settled()
    host.drop()
    vi.advanceTimersByTime(250)
    await settled()
    answerLate()
    await expect(first).resolves.toBe('lost')
  })
})

test('a host of another contract is final', async () => {
  const host = createScriptedHost({ acceptsAtOnce: false })
  host.answer('hello', () => {
    throw new UserFacingError('ContractMismatch', 'Another version.')
  })
  await settled()
  host.accept()
  await settled()
  expect(host.client.state).toBe('refused')
  vi.advanceTimersByTime(60_000)
  expect(host.attempts()).toBe(1)
})

test('a closed client stays closed', async () => {
  const host = createScriptedHost()
  await settled()
  host.client.close()
  vi.advanceTimersByTime(60_000)
  expect(host.client.state).toBe('closed')
  expect(host.attempts()).toBe(1)
})
