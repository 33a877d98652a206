import { describe, expect, it } from 'vitest'
import { openCheckpoint } from '../../models/checkpoint/checkpoint.ts'
import { nanoConfiguration } from '../../models/sam2/configuration.ts'
import { buildGraph } from '../../models/sam2/graphs.ts'
import { weightsFile } from '../../models/zoo/resolve-model.ts'
import { findZooModel } from '../../models/zoo/zoo.ts'
import { graphWork, multiplyAccumulates } from './graph-work.ts'

const run = (operator: string, inputShapes: number[][], outputShapes: number[][]): number =>
  multiplyAccumulates({ operator, inputShapes, outputShapes, milliseconds: 0 })

describe('multiplyAccumulates', () => {
  it('counts each product that an operator sums', () => {
    expect(run('Conv', [[1, 8, 10, 10], [16, 8, 3, 3], [16]], [[1, 16, 5, 5]])).toBe(16 * 25 * 72)
    expect(run('Conv', [[1, 8, 10, 10], [8, 1, 3, 3], [8]], [[1, 8, 10, 10]])).toBe(8 * 100 * 9)
    expect(run('Gemm', [[7, 5], [3, 5], [3]], [[7, 3]])).toBe(7 * 5 * 3)
    expect(run('Gemm', [[5, 7], [5, 3], [3]], [[7, 3]])).toBe(7 * 5 * 3)
    expect(
      run(
        'MatMul',
        [
          [2, 7, 5],
          [5, 3],
        ],
        [[2, 7, 3]],
      ),
    ).toBe(2 * 7 * 5 * 3)
    expect(
      run(
        'MultiHeadAttention',
        [
          [2, 10, 32],
          [2, 20, 32],
          [2, 20, 16],
        ],
        [[2, 10, 16]],
      ),
    ).toBe(2 * 10 * 20 * 48)
    expect(
      run(
        'Add',
        [
          [10, 10],
          [10, 10],
        ],
        [[10, 10]],
      ),
    ).toBe(0)
  })
})

describe('graphWork', () => {
  it('grows with the bank by what its keys and values cost', async () => {
    const path = weightsFile(findZooModel('nano')!)
    const configuration = { ...nanoConfiguration, imageSize: 128 }
    const graph = buildGraph('memory-attention', await openCheckpoint(path), configuration)
    const work = (memories: number) => graphWork(graph, path, { memories, pointers: 4 })
    const [two, three, five] = [await work(2), await work(3), await work(5)]
    const { dModel, memoryDim, memoryAttentionLayers: layers } = configuration
    const cells = (128 / 16) ** 2
    // One memory more: its projection to keys, and each cell's products with keys and values, in every layer.
    expect(three - two).toBe(layers * (cells * memoryDim * dModel + cells * cells * (dModel + memoryDim)))
    expect(five - two).toBe(3 * (three - two))
  })
})
