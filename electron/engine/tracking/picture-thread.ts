// The thread that looks at the frames ahead: all that does not depend on the objects is done here while the frames
// before are being tracked.
import { parentPort, workerData } from 'node:worker_threads'
import { resizeBicubic } from '../video/resize-bicubic.ts'
import { END_THREAD } from './end-thread.ts'
import { loadModel, type ModelChoice } from './load-model.ts'
import { passError } from './passed-error.ts'
import type { FromPictureThread, ToPictureThread } from './picture-encoder.ts'

if (parentPort === null) throw new Error('This script runs as a worker thread only.')
const port = parentPort
const loading = loadModel(workerData as ModelChoice)
// Whoever asks for the first picture hears of it.
loading.catch(() => undefined)

async function encode({ id, rgb, widthPx, heightPx }: ToPictureThread): Promise<void> {
  try {
    const { model } = await loading
    const size = model.imageSize
    const image = await model.encodeImage(resizeBicubic(rgb, widthPx, heightPx, size, size))
    const numbers = await model.numbersOf(image)
    // Nobody here looks at them again, so they move instead of being copied.
    const moved = Object.values(numbers).map((values: Float32Array<ArrayBuffer>) => values.buffer)
    port.postMessage({ kind: 'encoded', id, numbers } satisfies FromPictureThread, moved)
  } catch (error) {
    port.postMessage({ kind: 'failed', id, error: passError(error) } satisfies FromPictureThread)
  }
}

port.on('message', (message: ToPictureThread | typeof END_THREAD) => {
  if (message === END_THREAD) process.exit(0)
  void encode(message)
})
