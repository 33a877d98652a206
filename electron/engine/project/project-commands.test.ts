import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { commands, type CommandInput, type CommandResult } from '../../contract/commands.ts'
import { addMasks } from './edits/mask-edits.ts'
import { readPresentMasks } from './mask-reader.ts'
import { projectCommandHandlers, type ProjectCommandName } from './project-commands.ts'
import type { ProjectStore } from './project-store.ts'
import { COLOURS, maskOfArea, projectWith, scores, testFolder } from './store-fixture.ts'
import { verifyMasks } from './verify-masks.ts'

let store: ProjectStore
let videoId: number
let objectIds: number[]
let remove: () => void

beforeEach(async () => {
  const made = testFolder()
  remove = made.remove
  ;({ store, videoId, objectIds } = await projectWith(join(made.folder, 'film.maskwright'), {
    frameCount: 100,
    objects: 2,
  }))
  const masks = Array.from({ length: 50 }, (_, frameIndex) => ({
    objectId: objectIds[0]!,
    frameIndex,
    mask: maskOfArea(frameIndex),
    scores: scores(0.5, frameIndex / 100),
  }))
  addMasks(store, { videoId, origin: 'import', model: null }, masks, 'import')
})
afterEach(() => {
  store.close()
  remove()
})

/** As a message would come and go: through the command's own schemas. */
function call<Name extends ProjectCommandName>(name: Name, input: CommandInput<Name>): CommandResult<Name> {
  const { params, result } = commands[name]
  const handler = projectCommandHandlers[name] as (params: unknown, context: unknown) => unknown
  const context = { store, mark: undefined, objectColours: COLOURS, suspicionThreshold: 0.25 }
  return result.parse(handler(params.parse(input), context)) as CommandResult<Name>
}

test('every command that the project answers is one of the contract, and its answers are of the contract', () => {
  const objectId = objectIds[0]!
  const span = { first: 0, last: 99 }
  const { objectId: added } = call('object.add', { name: 'cup' })
  const { classId } = call('class.add', { name: 'cups' })
  const cleanup = { fillHolesArea: 1, dropSpecksArea: 1, growPx: -1, smoothEdgePx: 0 }
  call('object.rename', { objectId, name: '  ball ' })
  call('object.recolour', { objectId, colour: '#000000' })
  call('object.setClass', { objectIds: [objectId], classId })
  call('object.setVisibility', { objectIds: [objectId], visible: false })
  call('object.setCleanup', { objectIds: [objectId], cleanup })
  call('object.reorder', { objectIds: [added, ...objectIds] })
  call('class.rename', { classId, name: 'balls' })
  call('class.reorder', { classIds: [classId] })
  call('presence.set', { videoId, objectId, span: { first: 60, last: 70 }, presence: 'absent' })
  call('markers.set', { videoId, markers: { inFrame: 1, outFrame: null } })
  call('shots.add', { videoId, frameIndex: 10 })
  const shotId = [...store.records.all('shots')][0]!.id
  call('shots.move', { shotId, frameIndex: 11 })
  call('shots.remove', { shotId })
  call('project.rename', { name: 'Film' })
  call('video.rename', { videoId, name: 'Take 1' })
  call('video.reorder', { videoIds: [videoId] })
  call('view.set', { view: { frameIndex: 7, zoom: 2 } })
  const { versions } = call('versions.list', { videoId, objectId })
  expect(versions).toMatchObject([{ first: 0, last: 49, frameCount: 50, framesShown: 50 }])
  call('track.clearSpan', { videoId, objectIds: [objectId], span: { first: 10, last: 19 } })
  call('versions.restoreSpan', { versionId: versions[0]!.version.id, span: { first: 10, last: 14 } })
  expect(call('versions.masks', { versionId: versions[0]!.version.id, span }).masks.length).toBe(50)
  const summary = call('timeline.summary', { videoId, objectIds: null, span, bucketCount: 20 })
  expect(summary.lanes.map(({ spans }) => spans.length)).toEqual([0, 3, 0])
  const from = { videoId, objectIds: null, fromFrame: 0, fromObjectId: null, direction: 'forward' } as const
  expect(call('timeline.nextSuspect', from).suspect?.frameIndex).toBe(26)
  // Where the person said that it is absent there is nothing left to suspect.
  const suspects = (): number =>
    call('timeline.summary', { videoId, objectIds: [objectId], span, bucketCount: 20 }).lanes[0]!.suspectCount
  const suspectCount = suspects()
  const doubted = { videoId, objectId, span: { first: 26, last: 26 } }
  call('presence.set', { ...doubted, presence: 'absent' })
  expect(call('timeline.nextSuspect', from).suspect?.frameIndex).not.toBe(26)
  expect(suspects()).toBe(suspectCount - 1)
  call('presence.set', { ...doubted, presence: 'unknown' })
  const { objectId: copy } = call('object.duplicate', { objectId })
  call('object.merge', { objectId: added, fromObjectIds: [copy] })
  call('object.setLock', { objectIds: [objectId], locked: true })
  expect(() => call('object.delete', { objectIds: [objectId] })).toThrow('ball is locked')
  call('object.setLock', { objectIds: [objectId], locked: false })
  call('object.delete', { objectIds: [objectId] })
  call('class.delete', { classId })
  call('video.remove', { videoId })
  expect(call('history.list', { limit: 3 }).steps[0]).toMatchObject({
    action: 'video.remove',
    subject: 'Take 1',
  })
  call('history.undo', {})
  call('history.redo', {})
  call('history.cancelMark', { mark: 'none' })
  const view = store.view
  expect(view).toMatchObject({ frameIndex: 7, zoom: 2 })
  expect(store.project().name).toBe('Film')
})

test('masks of a long range come in parts of whole frames that lose none and name none twice', () => {
  const range = { videoId, objectIds: null, first: 0, last: 99 }
  const frames: number[] = []
  let parts = 0
  for (let next: number | null = 0; next !== null; parts++) {
    const answer = readPresentMasks(store, { ...range, first: next, limit: 12 })
    frames.push(...answer.masks.map(({ frameIndex }) => frameIndex))
    next = answer.nextFrame
  }
  expect(frames).toEqual(Array.from({ length: 50 }, (_, frameIndex) => frameIndex))
  expect(parts).toBeGreaterThan(3)
})

test('verifying finds nothing in a whole project, and the one mask that is not what was written', async () => {
  const { signal } = new AbortController()
  expect(await verifyMasks(store, signal)).toBe(0)
  let reported = 0
  store.onDamage(() => reported++)
  store.database.run("UPDATE masks SET counts = counts || '1' WHERE id = (SELECT max(id) FROM masks)")
  expect(await verifyMasks(store, signal)).toBe(1)
  expect(reported).toBe(1)
})
