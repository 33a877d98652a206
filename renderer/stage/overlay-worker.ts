import { drawOverlay } from './draw-overlay.ts'
import type { OverlayAnswer, OverlayJob } from './overlay-job.ts'

self.addEventListener('message', ({ data }: MessageEvent<OverlayJob>) => {
  let answer: OverlayAnswer
  try {
    answer = { id: data.id, picture: drawOverlay(data) }
  } catch (error) {
    console.error('The masks of a frame could not be drawn', error)
    answer = { id: data.id, picture: null }
  }
  self.postMessage(answer, { transfer: answer.picture === null ? [] : [answer.picture] })
})
