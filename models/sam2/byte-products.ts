import { encodeOnnxModel, type OnnxInitializer } from '../graph/onnx-model.ts'
import { createSession } from '../runtime/session.ts'
import { byteTensor } from '../runtime/tensor.ts'

const channels = 64
const pixels = 16
/** What every output byte is when no sum overflows. */
const expected = 200

const answers = new Map<typeof createSession, Promise<boolean>>()

/**
 * Whether this processor adds products of bytes exactly: without VNNI the runtime adds two of them in 16 bits, where
 * 2 * 255 * 127 does not fit. Found out once, by a convolution of the largest bytes.
 * @param openSession as of a model: tests put other processors in its place
 */
export function addsBytesExactly(openSession = createSession): Promise<boolean> {
  const answer = answers.get(openSession) ?? tryLargestBytes(openSession)
  answers.set(openSession, answer)
  return answer
}

async function tryLargestBytes(openSession: typeof createSession): Promise<boolean> {
  const scalar = (name: string, value: number): OnnxInitializer => ({
    ...{ name, type: 'float32', shape: [] },
    bytes: new Uint8Array(Float32Array.of(value).buffer),
  })
  const weights = new Uint8Array(channels * channels).fill(127)
  const graph = encodeOnnxModel({
    name: 'byte-products',
    nodes: [
      {
        operator: 'QLinearConv',
        domain: '',
        inputs: ['x', 'one', 'zero', 'weights', 'one', 'weightZero', 'step', 'zero'],
        outputs: ['y'],
        attributes: {},
      },
    ],
    inputs: [{ name: 'x', type: 'uint8', shape: [1, channels, 1, pixels] }],
    outputs: [{ name: 'y', type: 'uint8', shape: [1, channels, 1, pixels] }],
    initializers: [
      scalar('one', 1),
      scalar('step', (255 * 127 * channels) / expected),
      { name: 'zero', type: 'uint8', shape: [], bytes: Uint8Array.of(0) },
      { name: 'weightZero', type: 'int8', shape: [], bytes: Uint8Array.of(0) },
      { name: 'weights', type: 'int8', shape: [channels, channels, 1, 1], bytes: weights },
    ],
  })
  const session = await openSession('byte-products', graph, '', { device: 'cpu', threads: 1 })
  const x = byteTensor(new Uint8Array(channels * pixels).fill(255), [1, channels, 1, pixels])
  const { y } = await session.run({ x })
  await session.release()
  return (y!.native.data as Uint8Array).every((byte) => byte === expected)
}
