import { UserFacingError } from '../../contract/errors.ts'
import type { EngineState } from '../session/engine-state.ts'
import type { EngineHandlers } from './engine-handlers.ts'

type Names = 'export.formats' | 'export.start' | 'export.cancel' | 'export.preview' | 'import.start'

/** The command line writes films already; the studio's dialogs are not connected to them yet. */
class NotConnectedYet extends UserFacingError {
  constructor() {
    super(
      'NotConnectedYet',
      'This version cannot export or import from here yet. The command line can export.',
    )
  }
}

export function exportHandlers(_state: EngineState): EngineHandlers<Names> {
  const refuse = (): never => {
    throw new NotConnectedYet()
  }
  return {
    'export.formats': () => ({ formats: [] }),
    'export.start': refuse,
    'export.cancel': () => ({}),
    'export.preview': refuse,
    'import.start': refuse,
  }
}
