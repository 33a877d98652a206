import type { z } from 'zod'
import { carryCommands } from './commands/carry-commands.ts'
import { deskCommands } from './commands/desk-commands.ts'
import { objectCommands } from './commands/object-commands.ts'
import { projectCommands } from './commands/project-commands.ts'
import { queueCommands } from './commands/queue-commands.ts'
import { trackingCommands } from './commands/tracking-commands.ts'

/** Every call that the renderer can make, by name. */
export const commands = {
  ...projectCommands,
  ...objectCommands,
  ...trackingCommands,
  ...carryCommands,
  ...queueCommands,
  ...deskCommands,
}

export type CommandName = keyof typeof commands

/** The calls that a host answers itself, and those that go on to the engine. */
export type HostCommandName = {
  [Name in CommandName]: (typeof commands)[Name]['handledBy'] extends 'host' ? Name : never
}[CommandName]
export type EngineCommandName = Exclude<CommandName, HostCommandName>

/** What a caller passes, before the schema's defaults and trimming. */
export type CommandInput<Name extends CommandName> = z.input<(typeof commands)[Name]['params']>

/** What a handler receives, checked. */
export type CommandParams<Name extends CommandName> = z.output<(typeof commands)[Name]['params']>

/** What a handler answers and a caller gets. */
export type CommandResult<Name extends CommandName> = z.output<(typeof commands)[Name]['result']>

/** Whether a string from outside names a command; inherited names such as `constructor` do not. */
export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name)
}
