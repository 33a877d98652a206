import { InferenceSession } from './onnx-runtime.ts'
import { noiseInputs, type Dimensions } from './noise-inputs.ts'
import { sessionOptionsFor, type SessionOptions } from './session.ts'

export interface TimeGraphOptions extends Pick<SessionOptions, 'device' | 'threads'> {
  readonly dimensions: Dimensions
  /** After one more that is not counted. */
  readonly runs: number
}

/**
 * Runs a graph alone on noise. Its outputs come to memory, so that a device that answers before it is done is waited for.
 * @returns milliseconds of each run
 * @throws what the runtime says when the device does not take the graph
 */
export async function timeGraph(
  graph: Uint8Array,
  checkpointPath: string,
  options: TimeGraphOptions,
): Promise<number[]> {
  const session = await InferenceSession.create(graph, sessionOptionsFor(checkpointPath, options))
  const inputs = noiseInputs(session, options.dimensions)
  await session.run(inputs)
  const milliseconds: number[] = []
  for (let run = 0; run < options.runs; run++) {
    const start = performance.now()
    await session.run(inputs)
    milliseconds.push(performance.now() - start)
  }
  await session.release()
  return milliseconds
}
