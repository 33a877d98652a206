import { FRAME_LIST } from './dataset-sink.ts'
import type { DatasetFormat, Locate } from './dataset-format.ts'
import { linesOf } from './lines-of.ts'

/** Only the list of frames and times: for folders of pictures, which have no place for it. */
export const frameList: DatasetFormat<unknown> = {
  title: 'Frames and times (CSV)',
  kind: 'table',
  keeps: 'source frame number and time of every frame',
  loses: 'everything else',
  leavesOut: null,
  listsFrames: true,
  needsPictures: () => false,
  places: () => [FRAME_LIST],
  async open() {
    return {
      async write({ masks }) {
        return masks.length
      },
      async end() {},
    }
  },
  recount: async (at) => ({ frames: await countListedFrames(at), masks: 0 }),
}

/** Frames in the list beside a data set, for formats that say nothing of frames without masks. */
export async function countListedFrames(at: Locate): Promise<number> {
  let lines = 0
  for await (const line of linesOf(at(FRAME_LIST))) if (line !== '') lines++
  return lines - 1
}
