import { importLabels } from '../import/import-labels.ts'
import { prepareImport } from '../import/prepare-import.ts'
import { ImportIntoItself } from '../import/import-errors.ts'
import type { EngineState } from '../session/engine-state.ts'
import type { EngineHandlers } from './engine-handlers.ts'

export function importHandlers(state: EngineState): EngineHandlers<'import.start'> {
  return {
    'import.start': async ({ format, source, videoId, firstFrame, as }, mark) => {
      const path = state.grants.path(source, 'importFile', 'importFolder')
      const { store, videos } = state.session
      if (path === store.path) throw new ImportIntoItself()
      const plan = await prepareImport({
        ...{ format, path, firstFrame, store },
        sequence: null,
        onto: { kind: 'project', videoId },
        projectFolder: store.folder,
        openVideo: (videoPath) => videos.open(videoPath),
      })
      const { objectColours } = state.surroundings.settings.settings
      const { revision, report } = importLabels(store, plan, { as, objectColours, mark })
      return { revision, report }
    },
  }
}
