import { availableParallelism } from 'node:os'
import { memoryTokensOf } from '../../../models/sam2/configuration.ts'
import { findZooModel } from '../../../models/zoo/zoo.ts'
import { requireVideoFile } from '../project/edits/require-records.ts'
import { estimateRun } from '../runs/estimate-run.ts'
import { planRun } from '../runs/run-plan.ts'
import type { EngineState } from '../session/engine-state.ts'
import type { EngineHandlers } from './engine-handlers.ts'

type Names = 'track.start' | 'track.pause' | 'track.resume' | 'track.cancel' | 'track.estimate'

/** Parameters of a model that the zoo does not know, for a rough estimate. */
const ownModelParameters = 40_000_000

export function trackHandlers(state: EngineState): EngineHandlers<Names> {
  return {
    'track.start': (request) => state.session.runs.start(request),
    'track.pause': ({ runId }) => state.session.runs.pause(runId),
    'track.resume': ({ runId }) => state.session.runs.resume(runId),
    'track.cancel': ({ runId }) => state.session.runs.cancel(runId),
    'track.estimate': (request) => {
      const { store } = state.session
      const { widthPx, heightPx } = requireVideoFile(store.records, request.videoId)
      const { frameCount: frames } = planRun(store, request, null)
      const { modelId, inputSizePx, memoryBudgetBytes } = state.surroundings.settings.settings
      const model = findZooModel(modelId)
      const spatialPerceiver = model?.configuration.spatialPerceiver ?? null
      return estimateRun({
        frames,
        objectCount: request.objectIds.length,
        stageTimes: state.inference.measuredTimes(state.wantedModel()),
        parameterCount: model?.parameters ?? ownModelParameters,
        inputSizePx,
        memoryTokens: memoryTokensOf({ imageSize: inputSizePx, spatialPerceiver }),
        memoryBudgetBytes,
        framePx: widthPx * heightPx,
        threads: availableParallelism(),
      })
    },
  }
}
