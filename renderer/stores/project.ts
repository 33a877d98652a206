import { defineStore } from 'pinia'
import { computed, shallowReactive, shallowRef } from 'vue'
import type { ProjectChange } from '../../electron/contract/changes.ts'
import type { CommandInput, CommandName, CommandResult } from '../../electron/contract/commands.ts'
import type { HistoryState, Mark } from '../../electron/contract/history.ts'
import { DEFAULT_VIEW, type Project, type View } from '../../electron/contract/project.ts'
import { useClient } from '../client/current-client.ts'
import { useNotices } from './notices.ts'
import { applyProjectChange, inOrder, NO_RECORDS, recordsOf, type ProjectRecords } from './project-records.ts'

interface Facts {
  readonly projectId: string
  readonly name: string
  readonly fileName: string | null
}

type Opened = (project: Project | null) => void
type Changed = (change: ProjectChange, before: ProjectRecords) => void

/**
 * The open project as the engine last told it: changes come as patches by revision, and the whole is asked for again
 * when one is missing. Masks are not part of it; see the masks store.
 */
export const useProject = defineStore('project', () => {
  const client = useClient()
  const notices = useNotices()

  const facts = shallowRef<Facts | null>(null)
  /** Told apart by collection, so that a change of masks does not draw the list of objects anew. */
  const records = shallowReactive<ProjectRecords>({ ...NO_RECORDS })
  const revision = shallowRef(0)
  const history = shallowRef<HistoryState>({ undo: null, redo: null })
  /** The view as it was stored when the project was opened; the selection and view stores lead from there. */
  const storedView = shallowRef<View>(DEFAULT_VIEW)
  /** Whether the first answer of the engine came, so that an empty start screen is not shown too early. */
  const known = shallowRef(false)

  const openedListeners = new Set<Opened>()
  const changedListeners = new Set<Changed>()
  let early: ProjectChange[] = []
  let fetching: Promise<void> | null = null

  function take(project: Project | null): void {
    const isSame = project !== null && project.projectId === facts.value?.projectId
    facts.value =
      project === null
        ? null
        : { projectId: project.projectId, name: project.name, fileName: project.fileName }
    Object.assign(records, project === null ? NO_RECORDS : recordsOf(project))
    revision.value = project?.revision ?? 0
    history.value = project?.history ?? { undo: null, redo: null }
    if (!isSame) storedView.value = project?.view ?? DEFAULT_VIEW
    known.value = true
    for (const listener of openedListeners) listener(project)
  }

  function apply(change: ProjectChange): void {
    if (facts.value === null || change.revision < revision.value) return
    // What is found out of files beside the project comes without a revision of its own.
    if (change.revision === revision.value && change.baseRevision !== change.revision) return
    if (change.baseRevision !== revision.value) {
      early.push(change)
      void refetch()
      return
    }
    const before = { ...records }
    Object.assign(records, applyProjectChange(before, change))
    revision.value = change.revision
    history.value = change.history
    if (change.name !== undefined) facts.value = { ...facts.value, name: change.name }
    for (const listener of changedListeners) listener(change, before)
  }

  /** Asks for the whole project; changes that came meanwhile are applied after it. */
  function refetch(): Promise<void> {
    fetching ??= client
      .call('project.current', {})
      .then(({ project }) => {
        take(project)
      }, notices.addError)
      .finally(() => {
        fetching = null
        const waiting = early.sort((a, b) => a.baseRevision - b.baseRevision)
        early = []
        // Those that still do not fit are part of a later answer; asking again at once could go on for ever.
        for (const change of waiting) if (change.baseRevision === revision.value) apply(change)
      })
    return fetching
  }

  client.on('project.opened', ({ project, notices: sentences }) => {
    take(project)
    for (const message of sentences) notices.add({ level: 'warning', code: 'ProjectOpened', message })
  })
  client.on('project.changed', apply)
  client.on('engine.status', (status) => {
    if (status.state === 'ready') void refetch()
  })
  client.onState((state) => {
    if (state === 'open') void refetch()
  })

  /** Calls the engine; what goes wrong is shown as a notice and answered with null. */
  function call<Name extends CommandName>(
    name: Name,
    params: CommandInput<Name>,
    mark?: Mark,
  ): Promise<CommandResult<Name> | null> {
    return notices.attempt(() => client.call(name, params, mark === undefined ? {} : { mark }))
  }

  return {
    facts,
    records,
    revision,
    history,
    storedView,
    known,
    isOpen: computed(() => facts.value !== null),
    name: computed(() => facts.value?.name ?? ''),
    videos: computed(() => inOrder(records.videos)),
    objects: computed(() => inOrder(records.objects)),
    classes: computed(() => inOrder(records.classes)),
    call,
    refetch,
    /** Called after another project was taken in, also after a reconnect. Returns how to stop. */
    onOpened: (listener: Opened): (() => void) => {
      openedListeners.add(listener)
      return () => {
        openedListeners.delete(listener)
      }
    },
    /** Called after each change, with the records as they were before it. Returns how to stop. */
    onChanged: (listener: Changed): (() => void) => {
      changedListeners.add(listener)
      return () => {
        changedListeners.delete(listener)
      }
    },
  }
})
