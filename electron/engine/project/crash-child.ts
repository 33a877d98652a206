import { openProject } from './open-project.ts'
import { makeEdit, type RandomEdit } from './random-edits.ts'

/**
 * For tests: opens a project and makes edits until it is killed, saying after each how far it got. A clock that counts
 * makes two runs of the same edits equal.
 */
async function editUntilKilled(path: string, edits: readonly RandomEdit[]): Promise<void> {
  let clock = 0
  const store = await openProject(path, { now: () => clock })
  process.send?.({ opened: true })
  for (const [index, edit] of edits.entries()) {
    clock = index
    makeEdit(store, edit)
    process.send?.({ acknowledged: index + 1 })
    await new Promise((resolve) => setImmediate(resolve))
  }
  process.send?.({ finished: true })
  await new Promise((resolve) => setTimeout(resolve, 60_000))
}

process.on('message', ({ path, edits }: { path: string; edits: RandomEdit[] }) => {
  void editUntilKilled(path, edits)
})
