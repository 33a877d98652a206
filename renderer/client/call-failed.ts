import type { CommandName } from '../../electron/contract/commands.ts'
import { UserFacingError } from '../../electron/contract/errors.ts'
import type { Failure } from '../../electron/contract/failure.ts'

/** A call that the host or engine refused or could not answer. Its message is a sentence for the person. */
export class CallFailed extends UserFacingError {
  readonly command: CommandName

  constructor(command: CommandName, failure: Pick<Failure, 'code' | 'message'>) {
    super(failure.code, failure.message)
    this.command = command
  }
}

/** The line to the host ended before the answer came. */
export class LineLost extends CallFailed {
  constructor(command: CommandName) {
    super(command, {
      code: 'LineLost',
      message: 'The connection to Maskwright was lost. What was saved is safe; it is being connected again.',
    })
  }
}
