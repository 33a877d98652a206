import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectChangeSchema, type ProjectChange } from '../../contract/changes.ts'
import { projectSchema, type Project } from '../../contract/project.ts'
import { openProject } from './open-project.ts'
import type { ProjectStore } from './project-store.ts'
import { arbitraryEdits, arbitrarySteps, FRAMES, makeEdit } from './random-edits.ts'
import { allMasks, labelledContents } from './store-contents.ts'
import { projectWith, testFolder } from './store-fixture.ts'

let folder: string
let remove: () => void
let number = 0
beforeAll(() => {
  ;({ folder, remove } = testFolder())
})
afterAll(() => {
  remove()
})

function newPath(): string {
  return join(folder, `project-${String(number++)}.maskwright`)
}

/** What the interface does with a change. */
function follow(project: Project, change: ProjectChange): Project {
  expect(change.baseRevision).toBe(project.revision)
  const next: Record<string, unknown> = { ...project, revision: change.revision, history: change.history }
  if (change.name !== undefined) next.name = change.name
  if (change.view !== undefined) next.view = change.view
  for (const { collection, put, remove: gone } of change.collections) {
    const records = new Map<number, { id: number }>(project[collection].map((record) => [record.id, record]))
    for (const id of gone) records.delete(id)
    for (const record of put) records.set(record.id, record)
    next[collection] = [...records.values()]
  }
  return next as Project
}

function inOrder(project: Project): unknown {
  const sort = (records: readonly { id: number }[]) => [...records].sort((a, b) => a.id - b.id)
  return Object.fromEntries(
    Object.entries(project).map(([key, value]) => [
      key,
      Array.isArray(value) ? sort(value as { id: number }[]) : value,
    ]),
  )
}

function expectSound(store: ProjectStore): void {
  for (const object of store.records.all('objects')) {
    for (const video of store.records.all('videos')) {
      const spans = [...store.records.ofObject('spans', video.id, object.id)].sort(
        (a, b) => a.first - b.first,
      )
      for (const [index, span] of spans.entries()) {
        expect(span.first).toBeGreaterThan(spans[index - 1]?.last ?? -1)
        expect(store.records.get('versions', span.versionId)).toBeDefined()
      }
    }
  }
  const shownFrames = [...store.records.all('spans')].reduce(
    (sum, { first, last }) => sum + last - first + 1,
    0,
  )
  const hidden = [...store.records.all('presence')].some(({ presence }) => presence === 'absent')
  if (hidden) expect(allMasks(store).length).toBeLessThanOrEqual(shownFrames)
  else expect(allMasks(store).length).toBe(shownFrames)
}

test('undo to the beginning and redo to the end give back every state on the way, across restarts', async () => {
  await fc.assert(
    fc.asyncProperty(arbitrarySteps, fc.nat(), async (steps, restart) => {
      const path = newPath()
      let { store } = await projectWith(path, { frameCount: FRAMES, objects: 2 })
      for (const step of steps) makeEdit(store, step)
      expectSound(store)
      while (store.redo() !== null);
      const end = labelledContents(store)

      const states = [end]
      while (store.undo() !== null) states.push(labelledContents(store))
      expect([...store.records.all('videos')]).toEqual([])
      for (let i = states.length - 1; i > 0; i--) {
        expect(labelledContents(store)).toEqual(states[i])
        if (i === restart % states.length) {
          store.close()
          store = await openProject(path)
          expect(labelledContents(store)).toEqual(states[i])
        }
        expect(store.redo()).not.toBeNull()
      }
      expect(labelledContents(store)).toEqual(end)
      expect(store.redo()).toBeNull()
      store.close()
    }),
    { numRuns: 25 },
  )
})

test('whoever follows the changes has the project, and a project opened again is the one that was closed', async () => {
  await fc.assert(
    fc.asyncProperty(arbitrarySteps, async (steps) => {
      const path = newPath()
      const { store } = await projectWith(path, { frameCount: FRAMES, objects: 2 })
      let followed = store.project()
      store.onChange((change) => {
        followed = follow(followed, projectChangeSchema.parse(change))
      })
      for (const step of steps) makeEdit(store, step)
      const live = projectSchema.parse(store.project())
      expect(inOrder(followed)).toEqual(inOrder(live))

      const contents = labelledContents(store)
      store.close()
      const again = await openProject(path)
      // Opening lets go of superseded answers that nothing can bring back; all that is shown stays.
      const kept = new Set(again.project().versions.map(({ id }) => id))
      const versions = contents.versions.filter(({ id }) => kept.has(id))
      expect(labelledContents(again)).toEqual({ ...contents, versions })
      expect(again.project().history).toEqual(live.history)
      again.close()
    }),
    { numRuns: 25 },
  )
})

test('undo gives back what was before an edit, and redo what was after it', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryEdits, async (edits) => {
      const { store } = await projectWith(newPath(), { frameCount: FRAMES, objects: 2 })
      for (const edit of edits) {
        const before = labelledContents(store)
        const stepBefore = store.historyState.undo?.id ?? 0
        makeEdit(store, edit)
        const step = store.historyState.undo?.id ?? 0
        // Not when an earlier step was joined, or came to nothing by it. And not each time: an undone run is cancelled
        // and takes no more masks.
        if (edit.c % 3 !== 0 || step <= stepBefore) continue
        const after = labelledContents(store)
        store.undo()
        expect(labelledContents(store)).toEqual(before)
        store.redo()
        expect(labelledContents(store)).toEqual(after)
      }
      store.close()
    }),
    { numRuns: 25 },
  )
})

test('mask changes name every frame whose present mask is another one', async () => {
  const key = (mask: { videoId: number; objectId: number; frameIndex: number }) =>
    `${String(mask.videoId)}:${String(mask.objectId)}:${String(mask.frameIndex)}`
  const shown = (store: ProjectStore) => new Map(allMasks(store).map((mask) => [key(mask), mask.mask.counts]))
  await fc.assert(
    fc.asyncProperty(arbitraryEdits, async (edits) => {
      const { store } = await projectWith(newPath(), { frameCount: FRAMES, objects: 2 })
      const named = new Set<string>()
      store.onChange(({ masks }) => {
        for (const { videoId, objectId, first, last } of masks) {
          for (let frameIndex = first; frameIndex <= last; frameIndex++)
            named.add(key({ videoId, objectId, frameIndex }))
        }
      })
      for (const edit of edits) {
        const before = shown(store)
        named.clear()
        makeEdit(store, edit)
        const after = shown(store)
        for (const place of new Set([...before.keys(), ...after.keys()])) {
          if (before.get(place) !== after.get(place))
            expect(named.has(place), `${edit.kind} ${place}`).toBe(true)
        }
      }
      store.close()
    }),
    { numRuns: 15 },
  )
})
