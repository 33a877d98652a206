import { exportJob } from '../export/project-export.ts'
import { requireFreePlaces } from '../export/export-formats.ts'
import { previewExport } from '../export/export-preview.ts'
import { describeFormats } from '../import/import-formats.ts'
import type { EngineState } from '../session/engine-state.ts'
import type { EngineHandlers } from './engine-handlers.ts'

type Names = 'export.formats' | 'export.start' | 'export.cancel' | 'export.preview'

export function exportHandlers(state: EngineState): EngineHandlers<Names> {
  return {
    'export.formats': () => ({ formats: describeFormats() }),
    'export.start': async ({ destination, ...request }) => {
      const outputFolder = state.grants.path(destination, 'exportFolder')
      const { store, videos, exports } = state.session
      const { selection, target } = request
      // What can be refused at once is; the rest is told as progress.
      const source = await videos.get(selection.videoId)
      const job = await exportJob({ store, source, tools: await state.tools(), selection, outputFolder })
      if (!request.overwrite) await requireFreePlaces(job, target)
      return { exportId: exports.start({ ...request, outputFolder }) }
    },
    'export.cancel': ({ exportId }) => {
      state.session.exports.cancel(exportId)
      return {}
    },
    'export.preview': async ({ selection, target }) => {
      const { store, videos } = state.session
      const { inputSizePx } = state.surroundings.settings.settings
      const source = await videos.get(selection.videoId)
      return previewExport({ store, source, tools: await state.tools(), selection, target, inputSizePx })
    },
  }
}
