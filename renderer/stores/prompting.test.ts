// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import type { CommandResult } from '../../electron/contract/commands.ts'
import { maskRecord, objectRecord, pointRecord, projectFixture } from '../testing/project-fixture.ts'
import { openStudio } from '../testing/open-studio.ts'
import { settled } from '../testing/scripted-host.ts'
import { useMasks } from './masks.ts'
import { useObjectEdits } from './object-edits.ts'
import { usePrompting } from './prompting.ts'
import { useSelection } from './selection.ts'

function answer(objectId: number, frameIndex: number): CommandResult<'prompt.addPoint'> {
  const mask = maskRecord(objectId, frameIndex)
  return {
    revision: 2,
    promptId: 9,
    answer: {
      mask,
      alternatives: [
        { mask: mask.mask, predictedIou: 0.9 },
        { mask: mask.mask, predictedIou: 0.5 },
      ],
      chosenAlternative: 0,
    },
  }
}

test('a click prompts the selected object, and its answer is shown at once', async () => {
  const { host } = await openStudio()
  const prompting = usePrompting()
  host.answer('prompt.addPoint', ({ objectId, frameIndex }) => answer(objectId, frameIndex))
  useSelection().goToFrame(7)
  await prompting.addPoint({ x: 3, y: 2, label: 1 })
  expect(host.paramsOf('prompt.addPoint')).toEqual([
    { videoId: 1, objectId: 1, frameIndex: 7, x: 3, y: 2, label: 1 },
  ])
  expect(useMasks().maskOf(1, 1, 7)?.areaPx).toBe(4)
  expect(prompting.offerHere.alternatives).toHaveLength(2)
  expect(prompting.pendingCount).toBe(0)
})

test('without an object a click makes one, in the same step of the history', async () => {
  const { host, change } = await openStudio()
  useSelection().selectObject(null)
  host.answer('object.add', () => ({
    revision: change([{ collection: 'objects', put: [objectRecord(8)], remove: [] }]),
    objectId: 8,
  }))
  host.answer('prompt.addPoint', ({ objectId, frameIndex }) => answer(objectId, frameIndex))
  await usePrompting().addPoint({ x: 1, y: 1, label: 1 })
  const [add, point] = host.requests.slice(-2)
  expect([add?.command, point?.command]).toEqual(['object.add', 'prompt.addPoint'])
  expect(add?.mark).toBeDefined()
  expect(point?.mark).toBe(add?.mark)
  expect(useSelection().objectId).toBe(8)
})

test('a click right after a new object was asked for is meant for that one', async () => {
  const { host, change } = await openStudio()
  host.answer('object.add', async () => {
    await Promise.resolve()
    const revision = change([{ collection: 'objects', put: [objectRecord(8)], remove: [] }])
    return { revision, objectId: 8 }
  })
  host.answer('prompt.addPoint', ({ objectId, frameIndex }) => answer(objectId, frameIndex))
  const added = useObjectEdits().add()
  await usePrompting().addPoint({ x: 1, y: 1, label: 1 })
  await added
  expect(host.paramsOf('prompt.addPoint')).toMatchObject([{ objectId: 8 }])
})

test('a locked object takes no prompt', async () => {
  const { host } = await openStudio(projectFixture({ objects: [objectRecord(1, { locked: true })] }))
  await expect(usePrompting().addPoint({ x: 1, y: 1, label: 1 })).resolves.toBeNull()
  expect(host.paramsOf('prompt.addPoint')).toEqual([])
})

test('the offered masks are gone through round and round', async () => {
  const { host } = await openStudio()
  const prompting = usePrompting()
  host.answer('prompt.addPoint', ({ objectId, frameIndex }) => answer(objectId, frameIndex))
  host.answer('alternatives.choose', ({ objectId, frameIndex, alternative }) => {
    const given = answer(objectId, frameIndex)
    return { ...given, answer: { ...given.answer!, chosenAlternative: alternative } }
  })
  await prompting.addPoint({ x: 1, y: 1, label: 1 })
  await prompting.cycleAlternative()
  await prompting.cycleAlternative()
  expect(host.paramsOf('alternatives.choose').map((params) => params.alternative)).toEqual([1, 0])
})

test('undo takes away what was on offer for the prompt', async () => {
  const { host, change } = await openStudio()
  const prompting = usePrompting()
  host.answer('prompt.addPoint', ({ objectId, frameIndex }) => answer(objectId, frameIndex))
  change([{ collection: 'prompts', put: [pointRecord(9, 1, 0)], remove: [] }])
  await prompting.addPoint({ x: 1, y: 1, label: 1 })
  expect(prompting.offerHere.alternatives).toHaveLength(2)
  change([{ collection: 'prompts', put: [], remove: [9] }])
  expect(prompting.offerHere.alternatives).toEqual([])
})

test('what was on offer for an earlier keyframe is asked for once', async () => {
  const { host } = await openStudio(
    projectFixture({
      alternativeChoices: [{ id: 1, videoId: 1, objectId: 1, frameIndex: 0, alternative: 1 }],
    }),
  )
  const prompting = usePrompting()
  host.answer('alternatives.list', () => ({ alternatives: answer(1, 0).answer!.alternatives }))
  await prompting.loadOffer()
  await prompting.loadOffer()
  expect(host.paramsOf('alternatives.list')).toHaveLength(1)
  expect(prompting.offerHere.chosen).toBe(1)
})

test('it says when the picture is being encoded', async () => {
  const { host } = await openStudio()
  const prompting = usePrompting()
  host.emit('image.encoding', { videoId: 1, frameIndex: 0, state: 'encoding' })
  expect(prompting.isEncoding).toBe(true)
  host.emit('image.encoding', { videoId: 1, frameIndex: 0, state: 'encoded' })
  await settled()
  expect(prompting.isEncoding).toBe(false)
})

test('an answer that comes after its prompt was taken back does not bring the mask back', async () => {
  const { host, change } = await openStudio()
  const prompting = usePrompting()
  host.answer('prompt.addPoint', ({ objectId, frameIndex }) => {
    // As over a busy line: the word of the undo overtakes the answer.
    change([])
    change([], [{ videoId: 1, objectId, first: frameIndex, last: frameIndex }])
    return answer(objectId, frameIndex)
  })
  useSelection().goToFrame(7)
  await prompting.addPoint({ x: 3, y: 2, label: 1 })
  expect(useMasks().maskOf(1, 1, 7)).toBeUndefined()
})
