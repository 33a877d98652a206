import { createPinia, setActivePinia, type Pinia } from 'pinia'
import type { CollectionChange, MaskChange } from '../../electron/contract/changes.ts'
import type { Project } from '../../electron/contract/project.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../electron/contract/settings.ts'
import { useActions } from '../actions/action-table.ts'
import { setClient } from '../client/current-client.ts'
import { projectFixture } from './project-fixture.ts'
import { createScriptedHost, settled, type ScriptedHost } from './scripted-host.ts'

export interface OpenStudio {
  readonly host: ScriptedHost
  readonly pinia: Pinia
  /** The settings that the host keeps. */
  readonly settings: () => Settings
  /** Announces a change as the engine would, from the newest revision to the next. Answers that revision. */
  change(collections: CollectionChange[], masks?: MaskChange[]): number
}

/** For tests: all stores and the action table over a scripted host that has a project open, or none with null. */
export async function openStudio(project: Project | null = projectFixture()): Promise<OpenStudio> {
  const host = createScriptedHost()
  setClient(host.client)
  const pinia = createPinia()
  setActivePinia(pinia)

  let settings = DEFAULT_SETTINGS
  let revision = project?.revision ?? 0
  const places = { modelsFolder: '', ffmpegProgram: null }
  host.answer('project.current', () => ({ project: project === null ? null : { ...project, revision } }))
  host.answer('project.recent', () => ({ recent: [] }))
  host.answer('settings.get', () => ({ settings, places }))
  host.answer('settings.set', ({ patch }) => {
    settings = { ...settings, ...(patch as Partial<Settings>) }
    return { settings, places }
  })
  host.answer('models.list', () => ({ models: [] }))
  host.answer('devices.list', () => ({ devices: [] }))
  host.answer('view.set', () => ({ revision }))
  useActions()
  await settled()

  return {
    host,
    pinia,
    settings: () => settings,
    change: (collections, masks = []) => {
      const baseRevision = revision
      revision += 1
      host.emit('project.changed', {
        baseRevision,
        revision,
        collections,
        masks,
        history: { undo: null, redo: null },
      })
      return revision
    },
  }
}
