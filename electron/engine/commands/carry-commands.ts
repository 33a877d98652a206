import type { EngineState } from '../session/engine-state.ts'
import type { EngineHandlers } from './engine-handlers.ts'

type Names = 'carry.start' | 'carry.cancel' | 'carry.accept'

export function carryHandlers(state: EngineState): EngineHandlers<Names> {
  return {
    'carry.start': (request) => ({ carryId: state.session.carrying.start(request) }),
    'carry.cancel': ({ carryId }) => {
      state.session.carrying.cancel(carryId)
      return {}
    },
    'carry.accept': ({ carryId, hitIds }, mark) => state.session.carrying.accept(carryId, hitIds, mark),
  }
}
