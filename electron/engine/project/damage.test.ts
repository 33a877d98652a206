import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { UserFacingError } from '../../contract/errors.ts'
import { addMasks } from './edits/mask-edits.ts'
import { addPoint } from './edits/prompt-edits.ts'
import { openProject } from './open-project.ts'
import { NotAProjectError, ProjectTooNewError } from './project-errors.ts'
import type { ProjectStore } from './project-store.ts'
import { FORMAT_VERSION } from './schema.ts'
import { allMasks, labelledContents, type LabelledContents } from './store-contents.ts'
import { maskOfArea, projectWith, scores, testFolder } from './store-fixture.ts'

const FRAMES = 300
let folder: string
let remove: () => void
let whole: Buffer
let contents: LabelledContents

beforeAll(async () => {
  ;({ folder, remove } = testFolder())
  const path = join(folder, 'whole.maskwright')
  const { store, videoId, objectIds } = await projectWith(path, { frameCount: FRAMES, objects: 3 })
  for (const [index, objectId] of objectIds.entries()) {
    for (let frameIndex = index; frameIndex < FRAMES; frameIndex += 20) {
      addPoint(store, { videoId, objectId, frameIndex }, { x: frameIndex, y: 0.5, label: 1 })
    }
    const masks = Array.from({ length: FRAMES }, (_, frameIndex) => ({
      objectId,
      frameIndex,
      mask: maskOfArea((frameIndex * 5 + index) % 140),
      scores: scores(0.5),
    }))
    addMasks(store, { videoId, origin: 'import', model: null }, masks, `import-${String(index)}`)
  }
  contents = labelledContents(store)
  store.close()
  whole = readFileSync(path)
})
afterAll(() => {
  remove()
})

function onlyInFolder(name: string, bytes: Buffer): string {
  for (const entry of readdirSync(folder)) rmSync(join(folder, entry))
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}

function copies(): string[] {
  return readdirSync(folder).filter((name) => name.includes('damaged'))
}

/** Everything that is there is as it was written. */
function expectSubset(found: LabelledContents): void {
  const text = (value: unknown) => JSON.stringify(value)
  for (const name of ['prompts', 'classes', 'presence', 'shots', 'alternativeChoices'] as const) {
    const known = new Set(contents[name].map(text))
    for (const record of found[name]) expect(known.has(text(record)), `${name} ${text(record)}`).toBe(true)
  }
  const masks = new Map(
    contents.masks.map((mask) => [`${String(mask.objectId)}:${String(mask.frameIndex)}`, mask]),
  )
  for (const mask of found.masks) {
    expect(mask).toEqual(masks.get(`${String(mask.objectId)}:${String(mask.frameIndex)}`))
  }
}

async function openDamaged(bytes: Buffer): Promise<{ store: ProjectStore | null; reported: boolean }> {
  const path = onlyInFolder('film.maskwright', bytes)
  let reported = false
  let store: ProjectStore
  try {
    store = await openProject(path)
  } catch (error) {
    expect(error).toBeInstanceOf(UserFacingError)
    expect(readFileSync(path).equals(bytes)).toBe(true)
    return { store: null, reported: true }
  }
  store.onDamage(() => {
    reported = true
  })
  return { store, reported: reported || store.notices.length > 0 }
}

async function expectNothingSilent(bytes: Buffer): Promise<'refused' | 'salvaged' | 'whole'> {
  const { store, reported } = await openDamaged(bytes)
  if (store === null) return 'refused'
  let later = false
  store.onDamage(() => {
    later = true
  })
  const found = labelledContents(store)
  expectSubset(found)
  const salvaged = store.notices.length > 0
  if (salvaged) {
    expect(copies().length).toBe(1)
    expect(readFileSync(join(folder, copies()[0]!)).equals(bytes)).toBe(true)
  }
  if (!reported && !later) expect(found).toEqual(contents)
  store.close()
  return salvaged ? 'salvaged' : 'whole'
}

test('bytes that changed at random places are never taken for labels, nor lost without a word', async () => {
  const outcomes = new Set<string>()
  const change = fc.record({ place: fc.noBias(fc.nat(whole.length - 1)), value: fc.nat(255) })
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12, size: 'max' }), async (changes) => {
      const bytes = Buffer.from(whole)
      for (const { place, value } of changes) bytes[place] = value
      outcomes.add(await expectNothingSilent(bytes))
    }),
    { numRuns: 20 },
  )
  expect(outcomes).toContain('salvaged')
})

test('a file that was cut off anywhere gives what is left of it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.noBias(fc.nat(whole.length - 1)), async (length) => {
      const outcome = await expectNothingSilent(whole.subarray(0, length))
      if (length > 0) expect(outcome).not.toBe('whole')
    }),
    { numRuns: 10 },
  )
})

test('a file of which only its first tables are left gives what is in them', async () => {
  expect(await expectNothingSilent(whole.subarray(0, 10 * 4_096 + 100))).toBe('salvaged')
  const store = await openProject(join(folder, 'film.maskwright'))
  expect(store.project().objects).toEqual(contents.objects)
  expect(store.project().videos).toHaveLength(1)
  store.close()
})

test('whole pages that were overwritten are noticed, and what is around them is kept', async () => {
  const pages = whole.length / 4_096
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.noBias(fc.nat(pages - 1)), { minLength: 1, maxLength: 3 }),
      async (destroyed) => {
        const bytes = Buffer.from(whole)
        for (const page of destroyed) bytes.fill(0xa5, page * 4_096, (page + 1) * 4_096)
        await expectNothingSilent(bytes)
      },
    ),
    { numRuns: 10 },
  )
})

test('a project that names another format of SQLite is still a project', async () => {
  const bytes = Buffer.from(whole)
  bytes[47] = 5
  const { store, reported } = await openDamaged(bytes)
  expect(reported).toBe(true)
  expect(store).not.toBeNull()
  expectSubset(labelledContents(store!))
  expect(labelledContents(store!).masks).toHaveLength(contents.masks.length)
  store!.close()
})

test('without its first page a project is still a project', async () => {
  const bytes = Buffer.from(whole).fill(0, 0, 4_096)
  expect(await expectNothingSilent(bytes)).toBe('salvaged')
  const again = await openProject(join(folder, 'film.maskwright'))
  expect(again.notices).toEqual([])
  expect(labelledContents(again)).toEqual({ ...contents })
  again.close()
})

test('a mask that went bad while the project was closed is left out, reported, and mended by the next opening', async () => {
  const counts = maskOfArea(137).counts
  const place = whole.indexOf(counts)
  expect(place).toBeGreaterThan(0)
  const bytes = Buffer.from(whole)
  bytes.write('3', place)
  const { store } = await openDamaged(bytes)
  let reported = 0
  store!.onDamage(() => reported++)
  expect(store!.notices).toEqual([])
  expect(allMasks(store!).length).toBeLessThan(contents.masks.length)
  expect(reported).toBe(1)
  store!.close()
  const again = await openProject(join(folder, 'film.maskwright'))
  expect(again.notices[0]).toContain('damaged')
  expect(again.notices.join(' ')).toContain('1 entries could be found')
  expect(allMasks(again).length).toBe(contents.masks.length - 1)
  again.close()
})

test('scores that no answer could carry are damage, though their checksum fits', async () => {
  const path = join(folder, 'scores.maskwright')
  const { store, videoId, objectIds } = await projectWith(path, { frameCount: 3, objects: 1 })
  const masks = [5, 0.5, -1].map((predictedIou, frameIndex) => ({
    ...{ objectId: objectIds[0]!, frameIndex, mask: maskOfArea(4) },
    scores: scores(predictedIou),
  }))
  addMasks(store, { videoId, origin: 'import', model: null }, masks, 'import')
  let reported = 0
  store.onDamage(() => reported++)
  expect(allMasks(store).map(({ frameIndex }) => frameIndex)).toEqual([1])
  expect(reported).toBe(1)
  store.close()
  const again = await openProject(path)
  expect(again.notices.join(' ')).toContain('2 entries could be found')
  expect(allMasks(again).map(({ frameIndex }) => frameIndex)).toEqual([1])
  again.close()
})

test('a file of a newer version is refused and not a byte of it is touched', async () => {
  const bytes = Buffer.from(whole)
  bytes.writeUInt32BE(FORMAT_VERSION + 1, 60)
  const path = onlyInFolder('film.maskwright', bytes)
  await expect(openProject(path)).rejects.toThrow(ProjectTooNewError)
  expect(readFileSync(path).equals(bytes)).toBe(true)
  expect(readdirSync(folder)).toEqual(['film.maskwright'])
})

test.each([
  ['an empty file', 'film.maskwright', Buffer.alloc(0)],
  ['text', 'film.maskwright', Buffer.from('not a project\n'.repeat(2_000))],
  ['text under another name', 'film.txt', Buffer.from('not a project')],
  ['zeros', 'film.maskwright', Buffer.alloc(40_960)],
])('%s is no project, and stays as it is', async (_, name, bytes) => {
  const path = onlyInFolder(name, bytes)
  await expect(openProject(path)).rejects.toThrow(NotAProjectError)
  expect(readFileSync(path).equals(bytes)).toBe(true)
  expect(readdirSync(folder)).toEqual([name])
})
