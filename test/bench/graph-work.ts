import { profileOperators, type OperatorRun } from '../../models/runtime/operator-profile.ts'
import { createSession } from '../../models/runtime/session.ts'
import { noiseTensor } from '../../models/runtime/tensor.ts'
import { encodeOnnxModel } from '../../models/graph/onnx-model.ts'

/** Multiply-accumulates of an operator that ran; 0 for those that only move numbers or go over them one by one. */
export function multiplyAccumulates({ operator, inputShapes, outputShapes }: OperatorRun): number {
  const [first, second, third] = inputShapes
  const [output] = outputShapes
  switch (operator) {
    case 'Conv':
    case 'FusedConv':
      // [B, M, H, W], each from a [C / groups, h, w] of the weight.
      return elements(output!) * elements(second!.slice(1))
    case 'ConvTranspose':
      // Each input [B, C, H, W] goes into a [M / groups, h, w].
      return elements(first!) * elements(second!.slice(1))
    case 'Gemm':
    case 'FusedGemm':
    case 'MatMul':
    case 'FusedMatMul':
      // Each number of the first factor, transposed or not, goes into a row; in our graphs no batch is the second's alone.
      return elements(first!) * output!.at(-1)!
    case 'MultiHeadAttention': {
      const [batch, queries, width] = first!
      return batch! * queries! * second![1]! * (width! + third![2]!)
    }
    default:
      return 0
  }
}

/** Multiply-accumulates of one run of a graph, whose constant parts are folded and not counted. */
export async function graphWork(
  graph: Uint8Array,
  checkpointPath: string,
  dimensions: Readonly<Record<string, number>>,
): Promise<number> {
  const operators = await profileOperators(graph, checkpointPath, {
    ...{ device: 'cpu', threads: 1, dimensions, optimisation: 'basic', runs: 1 },
  })
  return operators.reduce((sum, operator) => sum + multiplyAccumulates(operator), 0)
}

const matrixSide = 2048
const matrixRuns = 6

/** Multiply-accumulates a second of one large fp32 matrix product through the runtime; the best of several runs. */
export async function matrixRate(threads: number): Promise<number> {
  const shape = [matrixSide, matrixSide]
  const weights = noiseTensor('float32', shape).native.data as Float32Array
  const graph = encodeOnnxModel({
    name: 'matrix-product',
    nodes: [{ operator: 'MatMul', domain: '', inputs: ['a', 'b'], outputs: ['product'], attributes: {} }],
    inputs: [{ name: 'a', type: 'float32', shape }],
    outputs: [{ name: 'product', type: 'float32', shape }],
    initializers: [{ name: 'b', type: 'float32', shape, bytes: new Uint8Array(weights.buffer) }],
  })
  const session = await createSession('matrix-product', graph, '', { device: 'cpu', threads })
  const a = noiseTensor('float32', shape)
  let best = 0
  for (let run = 0; run < matrixRuns; run++) {
    const start = performance.now()
    await session.run({ a })
    best = Math.max(best, (matrixSide ** 3 * 1000) / (performance.now() - start))
  }
  await session.release()
  return best
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}
