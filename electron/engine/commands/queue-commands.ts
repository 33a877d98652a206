import type { CommandParams } from '../../contract/commands.ts'
import { trackingOptionsOf } from '../tracking/tracking-options.ts'
import { UnknownStore } from '../batch/store/open-store.ts'
import type { EngineState } from '../session/engine-state.ts'
import type { EngineHandlers } from './engine-handlers.ts'

type Names = 'queue.status' | 'queue.use' | 'queue.send' | 'queue.remove' | 'queue.take'

export function queueHandlers(state: EngineState): EngineHandlers<Names> {
  const { grants, queue } = state
  const projectId = (): string => state.session.store.project().projectId
  /** Folders come as tokens only; a text that is no bucket would be taken for one. */
  const placeOf = (store: NonNullable<CommandParams<'queue.use'>['store']>): string => {
    if (store.kind === 'folder') return grants.path(store.fileToken, 'queueStore')
    if (!store.address.startsWith('s3://')) throw new UnknownStore()
    return store.address
  }
  const status = () => queue.status(state.sessionOrNull === null ? null : projectId())
  return {
    'queue.status': status,
    'queue.use': async ({ address, store }) => {
      await queue.use({ address, store: store && placeOf(store) })
      return status()
    },
    'queue.send': async ({ videoIds }) => {
      const { settings } = state.surroundings.settings
      const { modelId, inputSizePx, trackingMode, fillOpacity } = settings
      const jobCount = await queue.send(state.session.store, videoIds, {
        model: state.models.nameOrPath(modelId),
        modelsFolder: state.modelsFolder,
        sizePx: inputSizePx,
        mode: trackingMode,
        tracking: trackingOptionsOf(settings),
        fillOpacity,
      })
      return { jobCount }
    },
    'queue.remove': async ({ jobIds }) => {
      await queue.remove(projectId(), jobIds)
      return {}
    },
    'queue.take': ({ jobIds }, mark) => queue.take(state.session.store, jobIds, mark),
  }
}
