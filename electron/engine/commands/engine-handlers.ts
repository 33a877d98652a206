import type { CommandParams, CommandResult, EngineCommandName } from '../../contract/commands.ts'
import type { Mark } from '../../contract/history.ts'

type Awaitable<Value> = Value | Promise<Value>

/** Handlers of some of the engine's commands. Edits resolve when they are on disk. */
export type EngineHandlers<Names extends EngineCommandName> = {
  [Name in Names]: (params: CommandParams<Name>, mark: Mark | undefined) => Awaitable<CommandResult<Name>>
}
