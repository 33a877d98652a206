// The thread that runs the model. `session.run` blocks the thread it is called on, so nothing else lives here.
import { parentPort } from 'node:worker_threads'
import { END_THREAD } from './end-thread.ts'
import { passError, receiveError } from './passed-error.ts'
import type { FromTracker, ToTracker, TrackerRequestName } from './tracker-protocol.ts'
import { Tracker } from './tracker.ts'

if (parentPort === null) throw new Error('This script runs as a worker thread only.')
const port = parentPort

interface Waiting {
  resolve(rgb: Uint8Array): void
  reject(error: Error): void
}
const pictures = new Map<number, Waiting>()
let nextPictureId = 0

function send(message: FromTracker): void {
  port.postMessage(message)
}

const tracker = new Tracker({
  pictureOf: ({ contentId }, frameIndex) =>
    new Promise((resolve, reject) => {
      const id = nextPictureId++
      pictures.set(id, { resolve, reject })
      send({ kind: 'needPicture', id, contentId, frameIndex })
    }),
  onState: ({ contentId }, frameIndex, state) => {
    send({ kind: 'features', contentId, frameIndex, state })
  },
  onNotice: (sentence) => {
    send({ kind: 'notice', sentence })
  },
})

async function answer(id: number, name: TrackerRequestName, params: unknown): Promise<void> {
  try {
    // Both ends are this program's; the types of the protocol bind them.
    const handler = tracker.handlers[name] as (params: unknown) => Promise<unknown>
    send({ kind: 'result', id, value: await handler(params) })
  } catch (error) {
    send({ kind: 'failure', id, error: passError(error) })
  }
}

port.on('message', (message: ToTracker | typeof END_THREAD) => {
  if (message === END_THREAD) process.exit(0)
  switch (message.kind) {
    case 'request':
      void answer(message.id, message.name, message.params)
      return
    case 'picture': {
      const waiting = pictures.get(message.id)
      pictures.delete(message.id)
      if (message.rgb !== null) waiting?.resolve(message.rgb)
      else
        waiting?.reject(
          message.failure === null ? new Error('No picture came.') : receiveError(message.failure),
        )
      return
    }
  }
})
