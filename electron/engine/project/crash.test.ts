import { fork, type ChildProcess } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openProject } from './open-project.ts'
import { arbitrarySteps, FRAMES, makeEdit, type RandomEdit } from './random-edits.ts'
import { labelledContents } from './store-contents.ts'
import { projectWith, testFolder } from './store-fixture.ts'

let folder: string
let remove: () => void
beforeAll(() => {
  ;({ folder, remove } = testFolder('disk'))
})
afterAll(() => {
  remove()
})

function startChild(): ChildProcess {
  const script = fileURLToPath(new URL('./crash-child.ts', import.meta.url))
  return fork(script, { execArgv: ['--import', 'tsx'] })
}

/** Lets a child edit until it has acknowledged `killAt` edits and a little longer, then kills it. */
async function editAndKill(
  path: string,
  edits: readonly RandomEdit[],
  killAt: number,
  delayMs: number,
): Promise<number> {
  const child = startChild()
  let acknowledged = 0
  const killed = new Promise((resolve) => child.once('exit', resolve))
  child.on('message', (message: { acknowledged?: number; finished?: boolean }) => {
    acknowledged = message.acknowledged ?? acknowledged
    if (acknowledged >= killAt || message.finished === true) setTimeout(() => child.kill('SIGKILL'), delayMs)
  })
  child.send({ path, edits })
  await killed
  return acknowledged
}

test('a process killed at any moment loses no edit that it acknowledged, and leaves none half made', async () => {
  const rounds = fc.sample(
    fc.record({
      edits: fc.tuple(arbitrarySteps, arbitrarySteps, arbitrarySteps).map((parts) => parts.flat()),
      killAt: fc.noBias(fc.nat(60)),
      delayMs: fc.noBias(fc.nat(80)).map((tenths) => tenths / 10),
    }),
    4,
  )
  const outcomes = await Promise.all(
    rounds.map(async ({ edits, killAt, delayMs }, number) => {
      const path = join(folder, `killed-${String(number)}.maskwright`)
      const samePath = join(folder, `same-${String(number)}.maskwright`)
      const begin = await projectWith(path, { frameCount: FRAMES, objects: 2 }, { now: () => 0 })
      begin.store.close()
      copyFileSync(path, samePath)

      const acknowledged = await editAndKill(path, edits, killAt, delayMs)
      const survived = await openProject(path)

      // Opening marks runs as interrupted, which is a change of its own.
      const interrupted = survived.project().runs.some(({ state }) => state === 'interrupted')
      const found = survived.revision - (interrupted ? 1 : 0)

      let clock = 0
      const same = await openProject(samePath, { now: () => clock })
      let expected = labelledContents(same)
      let acknowledgedRevision = same.revision
      same.onChange(({ revision }) => {
        if (revision === found) expected = labelledContents(same)
      })
      for (const [index, edit] of edits.entries()) {
        if (same.revision >= found && index >= acknowledged) break
        clock = index
        makeEdit(same, edit)
        if (index < acknowledged) acknowledgedRevision = same.revision
      }
      expect(found).toBeGreaterThanOrEqual(acknowledgedRevision)
      const contents = labelledContents(survived)
      // Opening also lets go of superseded answers that nothing can bring back.
      const versions = new Set(contents.versions.map(({ id }) => id))
      expect(contents).toEqual({
        ...expected,
        versions: expected.versions.filter(({ id }) => versions.has(id)),
      })
      expect(survived.notices).toEqual([])
      survived.close()
      same.close()
      return acknowledged
    }),
  )
  expect(Math.max(...outcomes)).toBeGreaterThan(0)
})
