import type { CommandParams, CommandResult, EngineCommandName } from '../contract/commands.ts'
import type { CreateEngine, EngineSurroundings, HostedEngine } from '../contract/engine-surroundings.ts'
import type { Mark } from '../contract/history.ts'
import { carryHandlers } from './commands/carry-commands.ts'
import { exportHandlers } from './commands/export-commands.ts'
import { importHandlers } from './commands/import-commands.ts'
import type { EngineHandlers } from './commands/engine-handlers.ts'
import { maskHandlers } from './commands/mask-commands.ts'
import { lifecycleHandlers, openFromOutside } from './commands/project-lifecycle.ts'
import { promptHandlers } from './commands/prompt-commands.ts'
import { queueHandlers } from './commands/queue-commands.ts'
import { settingsHandlers } from './commands/settings-commands.ts'
import { storeHandlers } from './commands/store-commands.ts'
import { trackHandlers } from './commands/track-commands.ts'
import { videoHandlers } from './commands/video-commands.ts'
import { killAllChildren } from './processes/child-processes.ts'
import { ProjectDiskFullError, ProjectWriteError } from './project/project-errors.ts'
import { OtherContent } from './session/engine-errors.ts'
import { EngineState } from './session/engine-state.ts'
import { WarmUp } from './session/warm-up.ts'

/** Makes an engine with nothing open. It answers every command of the contract and tells what happens by its events. */
export const createEngine: CreateEngine = async (surroundings) => {
  const state = new EngineState(surroundings)
  const warmUp = new WarmUp(state)
  const handlers: EngineHandlers<EngineCommandName> = {
    ...storeHandlers(state),
    ...lifecycleHandlers(state),
    ...videoHandlers(state),
    ...promptHandlers(state),
    ...trackHandlers(state),
    ...carryHandlers(state),
    ...queueHandlers(state),
    ...maskHandlers(state),
    ...settingsHandlers(state),
    ...exportHandlers(state),
    ...importHandlers(state),
  }

  const engine: HostedEngine = {
    async call<Name extends EngineCommandName>(
      command: Name,
      params: CommandParams<Name>,
      mark: Mark | undefined,
    ): Promise<CommandResult<Name>> {
      try {
        const result = await handlers[command](params, mark)
        if (movesView.has(command)) warmUp.look()
        return result
      } catch (error) {
        if (error instanceof ProjectDiskFullError || error instanceof ProjectWriteError)
          tellNotSaved(surroundings, state, error.message)
        throw error
      }
    },
    picture: async (address, signal) => {
      const { videos } = state.session
      if (videos.file(address.videoId).contentId !== address.contentId) throw new OtherContent()
      return state.pictures.picture(address, () => videos.get(address.videoId), signal)
    },
    grantFile: (grant) => {
      state.grants.add(grant)
    },
    revokeFile: (token) => {
      state.grants.revoke(token)
    },
    open: (path) => openFromOutside(state, path),
    close: async () => {
      warmUp.close()
      await state.close()
      killAllChildren()
    },
  }
  return engine
}

/** Calls after which another frame may be in view. */
const movesView: ReadonlySet<EngineCommandName> = new Set([
  'view.set',
  'video.add',
  'project.open',
  'project.openRecent',
  'project.openSample',
])

function tellNotSaved(surroundings: EngineSurroundings, state: EngineState, message: string): void {
  const revision = state.sessionOrNull?.store.revision ?? 0
  surroundings.emit('save.status', { state: 'failed', revision, message })
}
