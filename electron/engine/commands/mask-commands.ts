import { setImmediate as breathe } from 'node:timers/promises'
import type { Box } from '../../contract/prompts.ts'
import { LIMITS } from '../../contract/limits.ts'
import type { FrameMask } from '../../contract/tracking.ts'
import type { PixelBox } from '../masks/run-length-measures.ts'
import { requireFrame } from '../project/edits/require-records.ts'
import { readPresentMasks } from '../project/mask-reader.ts'
import { readFrameScores } from '../project/timeline-reader.ts'
import { storedView } from '../runs/stored-view.ts'
import type { EngineState } from '../session/engine-state.ts'
import { trackingOptionsOf } from '../tracking/tracking-options.ts'
import type { EngineHandlers } from './engine-handlers.ts'

type Names = 'masks.get' | 'frame.info' | 'frame.view'

/** Cleaning takes time, so that an answer with cleaned masks carries fewer of them. */
const cleanedAtOnce = 512
/** Cleaned without a pause for others. */
const cleanedInOneGo = 8

export function maskHandlers(state: EngineState): EngineHandlers<Names> {
  return {
    'masks.get': async ({ videoId, objectIds, span, cleaned }) => {
      const { store, masks: shown } = state.session
      const limit = cleaned ? cleanedAtOnce : LIMITS.masksPerMessage
      const { revision } = store
      const { masks, nextFrame } = readPresentMasks(store, { videoId, objectIds, ...span, limit })
      if (!cleaned) return { revision, masks, nextFrame }
      const tidied: FrameMask[] = []
      for (const mask of masks) {
        tidied.push(shown.shown(mask))
        if (tidied.length % cleanedInOneGo === 0) await breathe()
      }
      return { revision, masks: tidied, nextFrame }
    },
    'frame.view': (place) => {
      const { store } = state.session
      const { settings } = state.surroundings.settings
      requireFrame(store.records, place.videoId, place.frameIndex)
      const modelSizePx = state.inference.loaded?.inputSizePx ?? settings.inputSizePx
      const view = trackingOptionsOf(settings).followZoom ? storedView(store, place, modelSizePx) : null
      return { view: view && boxOf(view) }
    },
    'frame.info': async ({ videoId, frameIndex }) => {
      const { store, videos } = state.session
      const { contentId } = requireFrame(store.records, videoId, frameIndex)
      const { presentationTimes } = await videos.get(videoId)
      return {
        timeSeconds: presentationTimes[frameIndex]!,
        encoded: state.inference.isEncoded(contentId, frameIndex),
        objects: readFrameScores(store, videoId, frameIndex),
      }
    },
  }
}

function boxOf({ leftPx, topPx, widthPx, heightPx }: PixelBox): Box {
  return { left: leftPx, top: topPx, right: leftPx + widthPx, bottom: topPx + heightPx }
}
