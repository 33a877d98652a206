import type { CommandResult } from '../../contract/commands.ts'
import type { EngineState } from '../session/engine-state.ts'
import { listDevices } from '../models/device-desk.ts'
import { findMediaTools } from '../video/media-tools.ts'
import type { EngineHandlers } from './engine-handlers.ts'

type Names =
  | 'settings.get'
  | 'settings.set'
  | 'settings.setPlace'
  | 'models.list'
  | 'models.download'
  | 'models.cancelDownload'
  | 'models.remove'
  | 'models.use'
  | 'models.addFile'
  | 'devices.list'
  | 'diagnostics.copy'

export function settingsHandlers(state: EngineState): EngineHandlers<Names> {
  const { surroundings, grants, models } = state
  const { settings } = surroundings

  function now(): CommandResult<'settings.get'> {
    return { settings: settings.settings, places: state.places }
  }

  function told(): CommandResult<'settings.get'> {
    const answer = now()
    surroundings.emit('settings.changed', answer)
    return answer
  }

  async function use(modelId: string): Promise<void> {
    await settings.patch({ modelId })
    told()
  }

  function devices() {
    return listDevices(state.inference.loaded?.device ?? state.wantedModel().device, state.devices)
  }

  return {
    'settings.get': now,
    'settings.set': async ({ patch }) => {
      await settings.patch(patch)
      if (patch.device !== undefined) state.inference.forgetFailures()
      return told()
    },
    'settings.setPlace': async ({ place, fileToken }) => {
      const purpose = place === 'modelsFolder' ? 'modelsFolder' : 'ffmpegProgram'
      const path = fileToken === null ? null : grants.path(fileToken, purpose)
      // A program that does not work is refused while the person still looks.
      if (place === 'ffmpegProgram' && path !== null)
        await findMediaTools({ ffmpegPath: path, mayInstall: false })
      await settings.setPlace(place, path)
      return told()
    },
    'models.list': async () => ({ models: await models.list() }),
    'models.download': ({ modelId }) => {
      models.download(modelId)
      return {}
    },
    'models.cancelDownload': ({ modelId }) => {
      models.cancelDownload(modelId)
      return {}
    },
    'models.remove': async ({ modelId }) => {
      await models.remove(modelId)
      if (settings.settings.modelId === modelId) await use('nano')
      return { models: await models.list() }
    },
    'models.use': async ({ modelId }) => {
      await models.require(modelId)
      await use(modelId)
      return { models: await models.list() }
    },
    'models.addFile': async ({ fileToken }) => {
      await models.addFile(grants.path(fileToken, 'modelFile'))
      return { models: await models.list() }
    },
    'devices.list': async ({ probeAgain }) => {
      if (probeAgain) {
        await state.devices.probe({ anew: true })
        state.inference.forgetFailures()
      } else if (!state.devices.isComplete) state.probeDevices()
      return { devices: devices() }
    },
    'diagnostics.copy': async () => {
      const { modelId, inputSizePx, device } = settings.settings
      const lines = [
        `Model ${modelId} at ${String(inputSizePx)} px, device ${device}`,
        ...devices().map(
          ({ id, name, state: found, inUse }) => `${id} ${name}: ${found}${inUse ? ', in use' : ''}`,
        ),
        `Project open: ${state.sessionOrNull === null ? 'no' : 'yes'}`,
      ]
      return { text: await surroundings.diagnostics(lines) }
    },
  }
}
