// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import { nextTick } from 'vue'
import type { CommandResult } from '../../electron/contract/commands.ts'
import { maskRecord, objectRecord, projectFixture } from '../testing/project-fixture.ts'
import { openStudio, type OpenStudio } from '../testing/open-studio.ts'
import { settled } from '../testing/scripted-host.ts'
import { useMasks } from './masks.ts'
import { useSettings } from './settings.ts'

type Answer = CommandResult<'masks.get'>

let studio: OpenStudio
let masks: ReturnType<typeof useMasks>

beforeEach(async () => {
  studio = await openStudio(projectFixture({ revision: 10 }))
  masks = useMasks()
})

function answerWith(revision: number, frames: number[], nextFrame: number | null = null): void {
  studio.host.answer('masks.get', () => ({
    revision,
    masks: frames.map((frame) => maskRecord(1, frame)),
    nextFrame,
  }))
}

test('asks once for what it does not know, and for its edges only', async () => {
  answerWith(10, [3, 4])
  await masks.ensure(1, { first: 3, last: 5 })
  expect(masks.masksOf(1, 3)).toHaveLength(1)
  expect(masks.maskOf(1, 1, 5)).toBeNull()
  await masks.ensure(1, { first: 4, last: 5 })
  await masks.ensure(1, { first: 3, last: 7 })
  expect(studio.host.paramsOf('masks.get').map(({ span }) => span)).toEqual([
    { first: 3, last: 5 },
    { first: 6, last: 7 },
  ])
})

test('goes on where an answer stopped', async () => {
  studio.host.answer('masks.get', ({ span }) => ({
    revision: 10,
    masks: [maskRecord(1, span.first)],
    nextFrame: span.first < 2 ? span.first + 1 : null,
  }))
  await masks.ensure(1, { first: 0, last: 2 })
  expect([0, 1, 2].map((frame) => masks.masksOf(1, frame).length)).toEqual([1, 1, 1])
})

test('masks that come with an event are there at once and survive the word that they changed', async () => {
  answerWith(10, [])
  await masks.ensure(1, { first: 0, last: 9 })
  const before = masks.generationOf(1)
  const mask = maskRecord(1, 4, 9)
  studio.host.emit('masks.updated', { revision: 11, masks: [mask] })
  expect(masks.maskOf(1, 1, 4)).toEqual(mask)
  expect(masks.generationOf(1)).toBeGreaterThan(before)
  studio.change([], [{ videoId: 1, objectId: 1, first: 4, last: 4 }])
  expect(masks.maskOf(1, 1, 4)).toEqual(mask)
  expect(masks.isKnown(1, 4)).toBe(true)
})

test('changed frames are forgotten and asked for again', async () => {
  answerWith(10, [3, 4, 5])
  await masks.ensure(1, { first: 3, last: 5 })
  studio.change([], [{ videoId: 1, objectId: 1, first: 4, last: 9 }])
  expect([3, 4, 5].map((frame) => masks.isKnown(1, frame))).toEqual([true, false, false])
  answerWith(11, [4, 5])
  await masks.ensure(1, { first: 3, last: 5 })
  expect(studio.host.paramsOf('masks.get').at(-1)?.span).toEqual({ first: 4, last: 5 })
})

test('an answer that a change overtook is not believed', async () => {
  let finish = (_answer: Answer): void => undefined
  studio.host.answer('masks.get', () => new Promise<Answer>((resolve) => (finish = resolve)))
  const asking = masks.ensure(1, { first: 3, last: 4 })
  await settled()
  studio.change([], [{ videoId: 1, objectId: 1, first: 4, last: 4 }])
  finish({ revision: 10, masks: [maskRecord(1, 3), maskRecord(1, 4)], nextFrame: null })
  await asking
  expect(masks.maskOf(1, 1, 3)).not.toBeUndefined()
  expect(masks.maskOf(1, 1, 4)).toBeUndefined()
  expect(masks.isKnown(1, 4)).toBe(false)
})

test('other clean-up makes all masks of that object unknown', async () => {
  answerWith(10, [3])
  await masks.ensure(1, { first: 3, last: 3 })
  studio.change([{ collection: 'objects', put: [objectRecord(1, { name: 'renamed' })], remove: [] }])
  expect(masks.isKnown(1, 3)).toBe(true)
  const cleanup = { fillHolesArea: 0, dropSpecksArea: 20, growPx: 0, smoothEdgePx: 0 }
  studio.change([{ collection: 'objects', put: [objectRecord(1, { cleanup })], remove: [] }])
  expect(masks.isKnown(1, 3)).toBe(false)
})

test('another project starts empty', async () => {
  answerWith(10, [3])
  await masks.ensure(1, { first: 3, last: 3 })
  studio.host.emit('project.opened', {
    project: projectFixture({ projectId: '00000000-0000-4000-8000-000000000000' }),
    notices: [],
  })
  expect(masks.masksOf(1, 3)).toEqual([])
})

test('an answer for the project before is not taken for one of the next', async () => {
  let finish = (_answer: Answer): void => undefined
  studio.host.answer('masks.get', () => new Promise<Answer>((resolve) => (finish = resolve)))
  const asking = masks.ensure(1, { first: 3, last: 3 })
  await settled()
  studio.host.emit('project.opened', {
    project: projectFixture({ projectId: '00000000-0000-4000-8000-000000000000' }),
    notices: [],
  })
  finish({ revision: 10, masks: [maskRecord(1, 3)], nextFrame: null })
  await asking
  expect(masks.maskOf(1, 1, 3)).toBeUndefined()
  answerWith(1, [3])
  await masks.ensure(1, { first: 3, last: 3 })
  expect(masks.masksOf(1, 3)).toHaveLength(1)
})

test('with another input size all masks are asked for again, since they are tidied otherwise', async () => {
  answerWith(10, [3])
  await masks.ensure(1, { first: 3, last: 3 })
  await useSettings().patch({ inputSizePx: 1024 })
  await nextTick()
  expect(masks.isKnown(1, 3)).toBe(false)
})
