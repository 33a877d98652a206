import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addChecksums, placeChecksum, rowChecksum } from './checksum.ts'
import { ProjectDatabase } from './database.ts'
import { addMasks } from './edits/mask-edits.ts'
import { addObject } from './edits/object-edits.ts'
import { addPoint } from './edits/prompt-edits.ts'
import { maskId } from './mask-table.ts'
import { readPresentMasks } from './mask-reader.ts'
import { writeMeta } from './meta-table.ts'
import { openProject } from './open-project.ts'
import { ProjectTooLargeError } from './project-errors.ts'
import type { ProjectStore } from './project-store.ts'
import { writeRecord } from './record-table.ts'
import type { StoredRecord } from './stored-records.ts'
import { COLOURS, maskOfArea, projectWith, scores, testFolder } from './store-fixture.ts'

// Files whose every record fits its checksum, and whose records contradict each other.

const FRAMES = 20
let folder: string
let remove: () => void
let path: string
let object: StoredRecord<'objects'>
let span: StoredRecord<'spans'>
let place: { videoId: number; objectId: number }

beforeEach(async () => {
  ;({ folder, remove } = testFolder())
  path = join(folder, 'film.maskwright')
  const { store, videoId, objectIds } = await projectWith(path, { frameCount: FRAMES, objects: 2 })
  place = { videoId, objectId: objectIds[0]! }
  addPoint(store, { ...place, frameIndex: 3 }, { x: 1, y: 1, label: 1 })
  const masks = Array.from({ length: FRAMES }, (_, frameIndex) => ({
    objectId: place.objectId,
    frameIndex,
    mask: maskOfArea(20),
    scores: scores(0.5),
  }))
  addMasks(store, { videoId, origin: 'import', model: null }, masks, 'import')
  object = store.records.get('objects', place.objectId)!
  span = [...store.records.all('spans')][0]!
  store.close()
})
afterEach(() => {
  remove()
})

function alter(change: (database: ProjectDatabase) => void): void {
  const database = ProjectDatabase.open(path)
  database.transact(() => {
    change(database)
  })
  database.close()
}

function maskCount(store: ProjectStore): number {
  const range = { videoId: place.videoId, objectIds: null, first: 0, last: FRAMES - 1, limit: 1_000 }
  return readPresentMasks(store, range).masks.length
}

/** Opens the file twice: what was salvaged once is whole, and can be edited. */
async function salvaged(): Promise<ProjectStore> {
  const first = await openProject(path)
  expect(first.notices[0]).toMatch(/damaged/)
  expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toHaveLength(1)
  first.close()
  const store = await openProject(path)
  expect(store.notices).toEqual([])
  addObject(store, {}, COLOURS)
  return store
}

test('a span of a version that is not there keeps its masks', async () => {
  alter((database) => {
    database.run('DELETE FROM versions')
  })
  const store = await salvaged()
  expect(maskCount(store)).toBe(FRAMES)
  store.close()
})

test("a span of another object's version goes, the prompts stay", async () => {
  alter((database) => {
    writeRecord(database, 'spans', { ...span, objectId: place.objectId + 1 })
  })
  const store = await salvaged()
  expect(maskCount(store)).toBe(0)
  expect([...store.records.all('prompts')]).toHaveLength(1)
  store.close()
})

test.each(['objects', 'videos', 'videoFiles', 'versions'] as const)(
  '%s that others refer to',
  async (name) => {
    alter((database) => {
      database.run(`DELETE FROM ${name}`)
    })
    const store = await salvaged()
    store.close()
  },
)

test('an object of a class that is not there', async () => {
  alter((database) => {
    writeRecord(database, 'objects', { ...object, classId: 2_000 })
  })
  const store = await salvaged()
  expect(store.records.get('objects', object.id)!.classId).toBeNull()
  expect(maskCount(store)).toBe(FRAMES)
  store.close()
})

test('a next number that is taken, and one at the end of all numbers', async () => {
  for (const nextId of [2, Number.MAX_SAFE_INTEGER]) {
    alter((database) => {
      writeMeta(database, { nextId })
    })
    const store = await openProject(path)
    expect(store.notices[0]).toMatch(/damaged/)
    addObject(store, {}, COLOURS)
    expect(maskCount(store)).toBe(FRAMES)
    store.close()
  }
})

test('a revision at the end of all numbers', async () => {
  alter((database) => {
    writeMeta(database, { revision: Number.MAX_SAFE_INTEGER })
  })
  const store = await salvaged()
  expect(maskCount(store)).toBe(FRAMES)
  store.close()
})

test('a record with a number that no mask could have', async () => {
  alter((database) => {
    writeRecord(database, 'objects', { ...object, id: Number.MAX_SAFE_INTEGER })
  })
  const store = await salvaged()
  expect([...store.records.all('objects')]).toHaveLength(3)
  store.close()
})

test('a mask that does not fill its picture is left out, the others stay', async () => {
  const counts = '5'
  const sum = addChecksums(rowChecksum(counts), placeChecksum(span.versionId, 4))
  alter((database) => {
    database.run(
      'UPDATE masks SET counts = ?, checksum = ? WHERE id = ?',
      counts,
      sum,
      maskId(span.versionId, 4),
    )
  })
  const opened = await openProject(path)
  expect(maskCount(opened)).toBe(FRAMES - 1)
  opened.close()
  const store = await salvaged()
  expect(maskCount(store)).toBe(FRAMES - 1)
  store.close()
})

test('more objects than an answer can carry: one sentence, and the file is left as it is', async () => {
  alter((database) => {
    for (let id = 10_000; id < 12_000; id++) writeRecord(database, 'objects', { ...object, id })
    writeMeta(database, { nextId: 12_000 })
  })
  const before = readFileSync(path)
  await expect(openProject(path)).rejects.toThrow(ProjectTooLargeError)
  expect(readFileSync(path).equals(before)).toBe(true)
  expect(readdirSync(folder)).toEqual(['film.maskwright'])
})
