import type { CommandParams, CommandResult } from '../../contract/commands.ts'
import type { Mark } from '../../contract/history.ts'
import { projectCommandHandlers, type ProjectCommandName } from '../project/project-commands.ts'
import type { EngineState } from '../session/engine-state.ts'
import type { EngineHandlers } from './engine-handlers.ts'

/** The commands that the open project answers alone. */
export function storeHandlers(state: EngineState): EngineHandlers<ProjectCommandName> {
  const names = Object.keys(projectCommandHandlers) as ProjectCommandName[]
  const handlers = names.map((name) => {
    // Name by name the types fit; over all names TypeScript cannot follow.
    const handle = projectCommandHandlers[name] as (
      params: CommandParams<ProjectCommandName>,
      context: Parameters<(typeof projectCommandHandlers)['object.add']>[1],
    ) => CommandResult<ProjectCommandName>
    return [
      name,
      (params: CommandParams<ProjectCommandName>, mark: Mark | undefined) => {
        const { objectColours, suspicionThreshold } = state.surroundings.settings.settings
        return handle(params, { store: state.session.store, mark, objectColours, suspicionThreshold })
      },
    ] as const
  })
  return Object.fromEntries(handlers) as EngineHandlers<ProjectCommandName>
}
