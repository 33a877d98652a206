import { basename, dirname } from 'node:path'
import type { ProjectChange } from '../../contract/changes.ts'
import type { HistoryState, HistoryStep, Mark } from '../../contract/history.ts'
import type { Project, Video, View } from '../../contract/project.ts'
import { isDamage, type ProjectDatabase } from './database.ts'
import { Draft } from './draft.ts'
import type { EditContext, EditOptions } from './edit-context.ts'
import { HistoryTable, type StoredStep } from './history-table.ts'
import { LaneMemo } from './lane-memo.ts'
import { Listeners } from './listeners.ts'
import { maskChanges } from './mask-changes.ts'
import { readStoredMask } from './mask-reader.ts'
import { copyMasks, writeMask } from './mask-table.ts'
import { writeMeta, type Meta } from './meta-table.ts'
import { ProjectClosedError } from './project-errors.ts'
import type { ProjectRecords, RecordChange } from './project-records.ts'
import { collectionChanges, projectView, videoView, type VideoLink } from './project-views.ts'
import type { RecordReader } from './record-reader.ts'
import { writeChanges } from './record-table.ts'
import { StepRecorder } from './step-recorder.ts'

export interface StoreOptions {
  /** Steps that undo can take back; older ones are forgotten. */
  readonly historySteps: number
  /** Bytes of masks kept that nothing shows any more but undo or the list of versions could bring back. */
  readonly retainedMaskBytes: number
  readonly now: () => number
}

export const DEFAULT_STORE_OPTIONS: StoreOptions = {
  historySteps: 1_000,
  retainedMaskBytes: 2 * 1_073_741_824,
  now: Date.now,
}

/**
 * An open project. Every edit is on disk when its call returns, or nothing of it is; small records are held in memory
 * and masks are read when asked for. Listeners hear of a change after it was written.
 */
export class ProjectStore {
  readonly path: string
  readonly records: RecordReader
  /** This, `history` and `laneMemo` are for this room's readers; everything that writes goes through `edit`. */
  readonly database: ProjectDatabase
  readonly options: StoreOptions
  /** What had to be done to open it, as sentences. */
  readonly notices: readonly string[]
  readonly history: HistoryTable
  readonly laneMemo = new LaneMemo()
  readonly #records: ProjectRecords
  readonly #links = new Map<number, VideoLink>()
  readonly #recorder: StepRecorder
  readonly #changeListeners = new Listeners<[ProjectChange]>()
  readonly #damageListeners = new Listeners<[]>()
  #meta: Meta
  #historyState: HistoryState
  readonly #release: () => void
  #closed = false
  #damageSeen = false

  constructor(parts: {
    database: ProjectDatabase
    records: ProjectRecords
    meta: Meta
    options: StoreOptions
    notices: readonly string[]
    release: () => void
  }) {
    this.path = parts.database.path
    this.database = parts.database
    this.records = parts.records
    this.options = parts.options
    this.notices = parts.notices
    this.#release = parts.release
    this.#records = parts.records
    this.#meta = parts.meta
    this.history = new HistoryTable(parts.database)
    this.#recorder = new StepRecorder(this.history, parts.options.historySteps)
    this.#historyState = this.history.state()
  }

  get folder(): string {
    return dirname(this.path)
  }

  get revision(): number {
    return this.#meta.revision
  }

  get view(): View {
    return this.#meta.view
  }

  get historyState(): HistoryState {
    return this.#historyState
  }

  /** The whole project but for masks. */
  project(): Project {
    this.#assertOpen()
    return projectView({
      records: this.#records,
      links: this.#links,
      meta: this.#meta,
      history: this.#historyState,
      fileName: basename(this.path),
    })
  }

  video(videoId: number): Video | null {
    return videoView(this.#records, this.#links, videoId)
  }

  /** Newest first. */
  historySteps(limit: number): HistoryStep[] {
    this.#assertOpen()
    return this.history.list(limit)
  }

  /** Returns a function that ends the subscription. */
  onChange(listener: (change: ProjectChange) => void): () => void {
    return this.#changeListeners.add(listener)
  }

  /** Told once, when something stored turns out unreadable while the project is open. */
  onDamage(listener: () => void): () => void {
    return this.#damageListeners.add(listener)
  }

  /**
   * Makes one edit. It is on disk when this returns. Throws what `work` throws and then has changed nothing, or
   * ProjectDiskFullError and its kin when it could not be written.
   */
  edit<Value>(
    options: EditOptions,
    work: (context: EditContext) => Value,
  ): { revision: number; value: Value } {
    this.#assertOpen()
    const joined = this.#recorder.stepToJoin(options)
    const draft = new Draft(this.#records, this.#meta.nextId)
    const value = work({
      draft,
      now: this.options.now(),
      readMask: (versionId, frameIndex) => readStoredMask(this, versionId, frameIndex),
      madeByThisStep: (collection, id) =>
        joined !== null && this.history.madeRecord(joined.id, collection, id),
    })
    this.#commit(draft, (changes) => {
      this.#recorder.record(options, joined, changes, () => ({
        id: draft.newId(),
        createdAt: this.options.now(),
      }))
    })
    return { revision: this.revision, value }
  }

  /**
   * As `edit`, without a step that could be undone: for records that no step of the history speaks of, and for what is
   * not a person's edit.
   */
  editOutsideHistory(work: (draft: Draft) => void): number {
    this.#assertOpen()
    const draft = new Draft(this.#records, this.#meta.nextId)
    work(draft)
    this.#commit(draft, () => undefined)
    return this.revision
  }

  /** Whether the edits with this mark are still done: neither undone nor forgotten. */
  isMarkDone(mark: Mark): boolean {
    this.#assertOpen()
    return this.history.newestWithMark(mark)?.undone === false
  }

  /** Takes the newest step back; null when there is none. */
  undo(): HistoryStep | null {
    return this.#takeBack(this.#historyNow().newestDone(), true)
  }

  /** Takes the newest step back for good if it carries this mark; null when it does not. */
  cancelMark(mark: Mark): HistoryStep | null {
    const step = this.#historyNow().newestDone()
    return step?.mark === mark ? this.#takeBack(step, false) : null
  }

  /** Makes the step that was taken back last again; null when there is none. */
  redo(): HistoryStep | null {
    const step = this.#historyNow().oldestUndone()
    if (step === null) return null
    const draft = new Draft(this.#records, this.#meta.nextId)
    for (const { collection, id, after } of this.#changesOf(step)) {
      if (after === null) draft.remove(collection, id)
      else draft.put(collection, after)
    }
    this.#commit(draft, () => {
      this.history.setUndone(step.id, false)
    })
    return step
  }

  /** Saved, but not part of the history. */
  setView(view: Partial<View>): number {
    this.#assertOpen()
    const next = { ...this.#meta.view, ...view }
    if (JSON.stringify(next) === JSON.stringify(this.#meta.view)) return this.revision
    this.#commit(new Draft(this.#records, this.#meta.nextId), () => undefined, next)
    return this.revision
  }

  /** Says how a video's file was found. Not stored: files move while the project is closed. */
  setVideoLink(videoId: number, link: VideoLink): void {
    this.#assertOpen()
    if (this.#links.get(videoId) === link) return
    this.#links.set(videoId, link)
    const video = this.video(videoId)
    if (video === null) return
    this.#changeListeners.tell({
      baseRevision: this.revision,
      revision: this.revision,
      collections: [{ collection: 'videos', put: [video], remove: [] }],
      masks: [],
      history: this.#historyState,
    })
  }

  /** To be called by readers that met bytes they cannot trust. The next opening then looks at everything. */
  reportDamage(): void {
    if (this.#damageSeen) return
    this.#damageSeen = true
    try {
      this.database.transact(() => {
        writeMeta(this.database, { damageSeen: true })
      })
    } catch {
      // A file too damaged to take the note will be found damaged without it.
    }
    this.#damageListeners.tell()
  }

  /** Nothing is left to write; lets go of the file. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#changeListeners.clear()
    this.#damageListeners.clear()
    this.database.close()
    this.#release()
  }

  #assertOpen(): void {
    if (this.#closed) throw new ProjectClosedError()
  }

  #historyNow(): HistoryTable {
    this.#assertOpen()
    return this.history
  }

  #takeBack(step: StoredStep | null, canRedo: boolean): HistoryStep | null {
    if (step === null) return null
    const draft = new Draft(this.#records, this.#meta.nextId)
    for (const { collection, id, before } of this.#changesOf(step)) {
      if (before === null) draft.remove(collection, id)
      else draft.put(collection, before)
    }
    const run = step.runId === null ? undefined : draft.get('runs', step.runId)
    if (run !== undefined && run.state !== 'finished' && run.state !== 'failed') {
      draft.put('runs', { ...run, state: 'cancelled' })
    }
    this.#commit(draft, () => {
      if (canRedo) {
        this.history.setUndone(step.id, true)
      } else {
        // What was undone before would no longer find what it was made on.
        this.history.removeUndone()
        this.history.remove(step.id)
      }
    })
    return step
  }

  #changesOf(step: StoredStep): RecordChange[] {
    try {
      return this.history.changesOf(step.id)
    } catch (error) {
      if (isDamage(error)) this.reportDamage()
      throw error
    }
  }

  #commit(draft: Draft, keepHistory: (changes: readonly RecordChange[]) => void, view?: View): void {
    const changes = draft.changes()
    const nothing = changes.length === 0 && draft.maskWrites.length === 0 && draft.maskCopies.length === 0
    if (nothing && view === undefined) return
    const masks = maskChanges(draft, changes)
    const meta: Meta = { ...this.#meta, revision: this.#meta.revision + 1, view: view ?? this.#meta.view }
    try {
      this.database.transact(() => {
        writeChanges(this.database, changes)
        for (const copy of draft.maskCopies) copyMasks(this.database, copy)
        for (const write of draft.maskWrites) writeMask(this.database, write)
        keepHistory(changes)
        meta.nextId = draft.nextId
        const { revision, nextId } = meta
        writeMeta(this.database, view === undefined ? { revision, nextId } : { revision, nextId, view })
      })
    } catch (error) {
      if (isDamage(error)) this.reportDamage()
      throw error
    }
    const baseRevision = this.#meta.revision
    this.#records.apply(changes)
    for (const { collection, id } of changes) {
      // A file that was just described was just read.
      if (collection === 'videoFiles') this.#links.set(id, 'linked')
    }
    this.#meta = meta
    this.#historyState = this.history.state()
    this.laneMemo.forget(masks)
    const renamed = changes.some(({ collection }) => collection === 'properties')
    this.#changeListeners.tell({
      baseRevision,
      revision: meta.revision,
      ...(renamed ? { name: this.#records.get('properties', 1)!.name } : {}),
      ...(view === undefined ? {} : { view }),
      collections: collectionChanges(changes, this.#records, this.#links),
      masks,
      history: this.#historyState,
    })
  }
}
