import type { EditOptions } from './edit-context.ts'
import type { HistoryTable, StoredStep } from './history-table.ts'
import type { RecordChange } from './project-records.ts'
import { isInHistory } from './stored-records.ts'

/** Decides which step of the history an edit belongs to, and writes it there. */
export class StepRecorder {
  readonly #history: HistoryTable
  readonly #mostSteps: number

  constructor(history: HistoryTable, mostSteps: number) {
    this.#history = history
    this.#mostSteps = mostSteps
  }

  /** The step that an edit would join by its mark; null when it begins one of its own. */
  stepToJoin({ mark, join = 'newest' }: EditOptions): StoredStep | null {
    if (mark === undefined) return null
    if (join === 'anywhere') {
      const step = this.#history.newestWithMark(mark)
      return step?.undone === false ? step : null
    }
    const step = this.#history.newestDone()
    return step?.mark === mark ? step : null
  }

  /** Writes an edit's changes down. `newStep` gives id and time for a step of its own. */
  record(
    options: EditOptions,
    joined: StoredStep | null,
    changes: readonly RecordChange[],
    newStep: () => { id: number; createdAt: number },
  ): void {
    const edits = changes.filter(({ collection }) => isInHistory(collection))
    if (edits.length === 0) return
    const anywhere = options.join === 'anywhere'
    const goesOn = joined !== null && !(anywhere && this.#history.isTouchedAfter(joined.id, edits))
    if (goesOn && anywhere) {
      this.#history.record(joined.id, edits)
      return
    }
    this.#history.removeUndone()
    if (goesOn) {
      this.#history.record(joined.id, edits)
      return
    }
    const step: StoredStep = {
      ...newStep(),
      action: options.action,
      // A text that was cut within a character would come back from SQLite as another one.
      subject: options.subject == null ? null : Buffer.from(options.subject).toString(),
      undone: false,
      mark: options.mark ?? null,
      runId: options.runId ?? null,
    }
    this.#history.add(step)
    this.#history.record(step.id, edits)
    this.#forgetOldSteps()
  }

  #forgetOldSteps(): void {
    for (let surplus = this.#history.count() - this.#mostSteps; surplus > 0; surplus--) {
      const oldest = this.#history.oldestDone()
      if (oldest === null) return
      this.#history.remove(oldest.id)
    }
  }
}
