import type { Mark } from '../../contract/history.ts'
import type { Draft } from './draft.ts'
import type { StoredMask } from './mask-table.ts'
import type { CollectionName } from './stored-records.ts'

/** How an edit enters the history. */
export interface EditOptions {
  /** The command behind it: `object.rename`. */
  readonly action: string
  /** What it was about, in words: mostly an object's name. */
  readonly subject?: string | null
  /** Edits with the same mark are one step. */
  readonly mark?: Mark | undefined
  /**
   * `newest` joins the newest step if it has the mark. `anywhere` also joins an older one, as long as no later step is
   * about the same records or objects: a tracking run goes on being one step while the person edits other things.
   */
  readonly join?: 'newest' | 'anywhere'
  readonly runId?: number
}

/** What an edit works with. */
export interface EditContext {
  readonly draft: Draft
  /** Milliseconds since 1970, the same for all that this edit makes. */
  readonly now: number
  /** A stored mask as it is before this edit; null where there is none. */
  readMask(versionId: number, frameIndex: number): StoredMask | null
  /** Whether the step that this edit joins made the record, so that it may be rewritten in place. */
  madeByThisStep(collection: CollectionName, id: number): boolean
}
