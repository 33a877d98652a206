import { basename } from 'node:path'
import { relinkVideo } from '../project/edits/video-edits.ts'
import { requireFrame } from '../project/edits/require-records.ts'
import { describeVideo } from '../session/describe-video.ts'
import { ContentDiffers } from '../session/engine-errors.ts'
import type { EngineState } from '../session/engine-state.ts'
import { addVideoPaths } from './project-lifecycle.ts'
import type { EngineHandlers } from './engine-handlers.ts'
import { LIMITS } from '../../contract/limits.ts'

type Names = 'video.add' | 'video.relink' | 'video.presentationTimes'

export function videoHandlers(state: EngineState): EngineHandlers<Names> {
  const { grants } = state
  return {
    'video.add': ({ fileTokens }, mark) => {
      const paths = fileTokens.map((token) => grants.path(token, 'addVideo', 'addImageFolder'))
      return addVideoPaths(state, state.session, paths, mark)
    },
    'video.relink': async ({ videoId, fileToken, acceptOtherContent }) => {
      const path = grants.path(fileToken, 'relinkVideo', 'relinkImageFolder')
      const { store, videos } = state.session
      const known = videos.file(videoId)
      const source = await videos.open(path)
      try {
        const file = await describeVideo(source, store.folder)
        if (file.contentId !== known.contentId && !acceptOtherContent)
          throw new ContentDiffers(basename(path))
        const revision = relinkVideo(store, videoId, file)
        videos.drop(known.contentId)
        videos.keep(file.contentId, source)
        return { revision }
      } catch (error) {
        await source.close()
        throw error
      }
    },
    'video.presentationTimes': async ({ videoId, span }) => {
      const { store, videos } = state.session
      const { contentId } = requireFrame(store.records, videoId, span.first)
      const { presentationTimes } = await videos.get(videoId)
      const end = Math.min(span.last + 1, span.first + LIMITS.timesPerMessage)
      return { contentId, times: Array.from(presentationTimes.subarray(span.first, end)) }
    },
  }
}
