import type { Project } from '../../electron/contract/project.ts'
import type { FrameMask } from '../../electron/contract/tracking.ts'
import { COLLECTION_NAMES, recordsOf } from '../../renderer/stores/project-records.ts'
import type { SocketWindow } from '../fixtures/hosts/socket-window.ts'
import type { EditLedger } from './edit-ledger.ts'

/** Tracking goes on, or ends as interrupted, after the page heard of it last. */
const MOVED_BY_RUNS: ReadonlySet<string> = new Set(['runs', 'spans', 'versions'])

async function ask<Result>(window: SocketWindow, command: string, params: unknown = {}): Promise<Result> {
  const answer = await window.call(command, params)
  if (!answer.ok) throw new Error(`${command}: ${answer.message}`)
  return answer.result as Result
}

export async function presentProject(window: SocketWindow): Promise<Project> {
  const { project } = await ask<{ project: Project | null }>(window, 'project.current')
  if (project === null) throw new Error('No project is open.')
  return project
}

/** What differs in the collections that a person edits by hand. */
function differences(ledger: EditLedger, project: Project): string[] {
  const kept = recordsOf(project)
  return COLLECTION_NAMES.filter((name) => !MOVED_BY_RUNS.has(name)).flatMap((name) => {
    const [before, after] = [ledger.records[name], kept[name]] as ReadonlyMap<number, unknown>[]
    return [...before!]
      .filter(([id, record]) => JSON.stringify(after!.get(id)) !== JSON.stringify(record))
      .map(
        ([id, record]) => `${name} ${id} was ${JSON.stringify(record)}, is ${JSON.stringify(after!.get(id))}`,
      )
  })
}

async function lostMasks(ledger: EditLedger, window: SocketWindow): Promise<string[]> {
  const lost: string[] = []
  const told = ledger.presentMasks
  for (const videoId of new Set(told.map((mask) => mask.videoId))) {
    const span = { first: 0, last: 5_000 }
    const { masks } = await ask<{ masks: FrameMask[] }>(window, 'masks.get', {
      ...{ videoId, objectIds: null, span, cleaned: true },
    })
    const kept = new Map(masks.map((mask) => [`${mask.objectId}:${mask.frameIndex}`, mask]))
    for (const before of told.filter((mask) => mask.videoId === videoId)) {
      const place = `${before.objectId}:${before.frameIndex}`
      const after = kept.get(place)
      const isSame = after?.versionId !== before.versionId || after.mask.counts === before.mask.counts
      if (after === undefined || !isSame) lost.push(`mask ${place} of version ${before.versionId}`)
    }
  }
  return lost
}

/**
 * Compares what a page was told with what there is after a kill. @returns what is missing, as sentences; edits that were
 * under way may be there whole or not at all.
 */
export async function missingAfter(ledger: EditLedger, window: SocketWindow): Promise<string[]> {
  const unanswered = ledger.unansweredEdits
  let project = await presentProject(window)
  if (project.revision < ledger.revision) return [`revision ${ledger.revision} became ${project.revision}`]
  const missing = async (): Promise<string[]> => [
    ...differences(ledger, project),
    ...(await lostMasks(ledger, window)),
  ]
  let found = await missing()
  // An edit under way that came through may have changed what the page knew: it is taken back to look behind it.
  for (const { command } of [...unanswered].reverse()) {
    if (found.length === 0) break
    await ask(window, command === 'history.undo' ? 'history.redo' : 'history.undo')
    project = await presentProject(window)
    found = await missing()
  }
  return found
}
