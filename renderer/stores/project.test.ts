// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { objectRecord, projectFixture, videoRecord } from '../testing/project-fixture.ts'
import { openStudio } from '../testing/open-studio.ts'
import { settled } from '../testing/scripted-host.ts'
import { UserFacingError } from '../../electron/contract/errors.ts'
import { useNotices } from './notices.ts'
import { useProject } from './project.ts'

const history = { undo: null, redo: null }
const rename = (id: number, name: string) => ({
  collection: 'objects' as const,
  put: [objectRecord(id, { name })],
  remove: [],
})

test('the project that is open when the line opens is taken in', async () => {
  await openStudio()
  const project = useProject()
  expect(project.name).toBe('Fixture')
  expect(project.objects.map((object) => object.name)).toEqual(['object 1', 'object 2', 'object 3'])
})

test('changes are applied one by one, and told with what was before', async () => {
  const { change } = await openStudio()
  const project = useProject()
  const told: [number, string | undefined][] = []
  project.onChanged((news, before) => told.push([news.revision, before.objects.get(1)?.name]))
  change([rename(1, 'cup')])
  change([rename(1, 'mug')])
  expect(project.records.objects.get(1)?.name).toBe('mug')
  expect(project.revision).toBe(3)
  expect(told).toEqual([
    [2, 'object 1'],
    [3, 'cup'],
  ])
})

test('a gap makes it ask for the whole project, and what came meanwhile is not lost', async () => {
  const { host } = await openStudio()
  const project = useProject()
  host.answer('project.current', () => ({
    project: projectFixture({ revision: 5, objects: [objectRecord(1, { name: 'from the whole' })] }),
  }))
  host.emit('project.changed', {
    baseRevision: 4,
    revision: 5,
    collections: [rename(1, 'old')],
    masks: [],
    history,
  })
  host.emit('project.changed', {
    baseRevision: 5,
    revision: 6,
    collections: [rename(2, 'new')],
    masks: [],
    history,
  })
  await settled()
  expect(project.revision).toBe(6)
  expect(project.objects.map((object) => object.name)).toEqual(['from the whole', 'new'])
  expect(host.paramsOf('project.current')).toHaveLength(2)
})

test('a change that is known already is left', async () => {
  const { host, change } = await openStudio()
  const project = useProject()
  change([rename(1, 'cup')])
  host.emit('project.changed', {
    baseRevision: 1,
    revision: 2,
    collections: [rename(1, 'again')],
    masks: [],
    history,
  })
  await settled()
  expect(project.records.objects.get(1)?.name).toBe('cup')
  expect(host.paramsOf('project.current')).toHaveLength(1)
})

test('a restarted engine and a reconnected line are asked again', async () => {
  const { host } = await openStudio()
  host.emit('engine.status', { state: 'ready', attempt: 0, message: null })
  await settled()
  expect(host.paramsOf('project.current')).toHaveLength(2)
})

test('closing leaves nothing behind', async () => {
  const { host } = await openStudio()
  const project = useProject()
  host.emit('project.opened', { project: null, notices: ['The file was damaged; a copy is kept.'] })
  expect(project.isOpen).toBe(false)
  expect(project.objects).toEqual([])
  expect(useNotices().shown.map((notice) => notice.message)).toEqual([
    'The file was damaged; a copy is kept.',
  ])
})

test('a call that fails is shown and answered with null', async () => {
  const { host } = await openStudio()
  host.answer('history.undo', () => {
    throw new UserFacingError('DiskFull', 'The disk is full. Everything before is safe; free some space.')
  })
  await expect(useProject().call('history.undo', {})).resolves.toBeNull()
  expect(useNotices().shown).toMatchObject([{ level: 'error', code: 'DiskFull' }])
})

test('what is found out of a file beside the project comes without a new revision and is taken in', async () => {
  const { host } = await openStudio()
  const project = useProject()
  const { revision } = project
  host.emit('project.changed', {
    baseRevision: revision,
    revision,
    collections: [{ collection: 'videos', put: [videoRecord(1, { link: 'missing' })], remove: [] }],
    masks: [],
    history,
  })
  expect(project.records.videos.get(1)?.link).toBe('missing')
  expect(project.revision).toBe(revision)
})
