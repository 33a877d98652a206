import type { CollectionName } from '../../electron/contract/changes.ts'
import type { CommandResult } from '../../electron/contract/commands.ts'
import { LIMITS } from '../../electron/contract/limits.ts'
import type { RequestMessage } from '../../electron/contract/messages.ts'
import type { Project } from '../../electron/contract/project.ts'
import type { FrameMask } from '../../electron/contract/tracking.ts'
import { COLLECTION_NAMES, recordsOf } from '../../renderer/stores/project-records.ts'
import type { SocketWindow } from '../fixtures/hosts/socket-window.ts'
import type { EditLedger } from './edit-ledger.ts'

const TRACKED_OBJECTS = 2
const TRACKED_FRAMES = 60

/** Tracking goes on, or ends as interrupted, after it was heard of last; its masks are looked at one by one. */
const MOVED_BY_RUNS: ReadonlySet<CollectionName> = new Set(['runs', 'spans', 'versions'])

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

/** Starts a run over the objects that have something to start from; they may be none. */
export async function startTracking(window: SocketWindow): Promise<boolean> {
  const project = await presentProject(window)
  const objectIds = [...new Set(project.prompts.map((prompt) => prompt.objectId))].slice(-TRACKED_OBJECTS)
  if (objectIds.length === 0) return false
  await ask(window, 'track.start', {
    ...{ videoId: project.videos[0]!.id, objectIds, direction: 'forward', startFrame: null },
    ...{ limit: { kind: 'steps', steps: TRACKED_FRAMES }, extent: 'all' },
  })
  return true
}

interface Place {
  readonly id?: number
  readonly videoId?: number
  readonly objectId?: number
  readonly frameIndex?: number
}

/** Whether an edit that was under way speaks of a record, so that it may have changed or replaced it. */
function mayHaveChanged({ command, params }: RequestMessage, name: CollectionName, record: Place): boolean {
  const of = params as Place
  switch (command) {
    case 'object.rename':
      return name === 'objects' && record.id === of.objectId
    case 'markers.set':
      return name === 'videos' && record.id === of.videoId
    case 'presence.set':
      return name === 'presence' && record.objectId === of.objectId
    default:
      return (
        command.startsWith('prompt.') &&
        record.objectId === of.objectId &&
        record.frameIndex === of.frameIndex
      )
  }
}

/** What differs in the collections that a person edits by hand, but for what edits under way may have changed. */
function differences(before: EditLedger['records'], project: Project, underWay: RequestMessage[]): string[] {
  const kept = recordsOf(project)
  return COLLECTION_NAMES.filter((name) => !MOVED_BY_RUNS.has(name)).flatMap((name) => {
    const after = kept[name] as ReadonlyMap<number, unknown>
    return [...(before[name] as ReadonlyMap<number, Place>)]
      .filter(([id, record]) => JSON.stringify(after.get(id)) !== JSON.stringify(record))
      .filter(([, record]) => !underWay.some((edit) => mayHaveChanged(edit, name, record)))
      .map(
        ([id, record]) => `${name} ${id} was ${JSON.stringify(record)}, is ${JSON.stringify(after.get(id))}`,
      )
  })
}

/** Masks that were the present ones and are not there, or not as they were told. */
async function lostMasks(told: readonly FrameMask[], window: SocketWindow): Promise<string[]> {
  const lost: string[] = []
  for (const videoId of new Set(told.map((mask) => mask.videoId))) {
    const kept = new Map<string, FrameMask>()
    for (let first: number | null = 0; first !== null;) {
      const params = { videoId, objectIds: null, span: { first, last: LIMITS.frameIndex }, cleaned: true }
      const answer: CommandResult<'masks.get'> = await ask(window, 'masks.get', params)
      for (const mask of answer.masks) kept.set(`${mask.objectId}:${mask.frameIndex}`, mask)
      first = answer.nextFrame
    }
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
 * Compares what was heard with what there is after a kill. @returns what is missing, as sentences; edits that were under
 * way may be there whole or not at all.
 */
export async function missingAfter(ledger: EditLedger, window: SocketWindow): Promise<string[]> {
  // Where the engine lives on, it has told everything before it answers this.
  await presentProject(window)
  const { records, revision, presentMasks, unansweredEdits } = ledger
  const look = async (): Promise<string[]> => {
    const project = await presentProject(window)
    if (project.revision < revision) return [`revision ${revision} became ${project.revision}`]
    const mayDiffer = project.revision > revision ? unansweredEdits : []
    const changed = differences(records, project, mayDiffer)
    // Prompts replace a mask, and a word on presence hides or shows it.
    const isSettled = (mask: FrameMask): boolean =>
      !mayDiffer.some(
        (edit) => mayHaveChanged(edit, 'prompts', mask) || mayHaveChanged(edit, 'presence', mask),
      )
    return [...changed, ...(await lostMasks(presentMasks.filter(isSettled), window))]
  }
  let missing = await look()
  // An undo or redo under way that came through is taken back to look behind it.
  for (const { command } of [...unansweredEdits].reverse()) {
    if (missing.length === 0) break
    if (command === 'history.undo') await ask(window, 'history.redo')
    else if (command === 'history.redo') await ask(window, 'history.undo')
    else continue
    missing = await look()
  }
  return missing
}
