import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { concatenate } from '../graph/layers.ts'
import { GraphBuilder } from '../graph/graph-builder.ts'

/**
 * Puts `count` memories that lie on a device into one tensor there, for the memory attention to take.
 *
 * Inputs: `memory_0` ... [1, T, memoryDim]. Output: `memory` [count, T, memoryDim].
 */
export function buildMemoryJoin(checkpoint: Checkpoint, count: number): Uint8Array {
  const g = new GraphBuilder(`memory-join-${count}`, checkpoint)
  const shape = (frames: number) => [frames, 'tokens', 'channels']
  const parts = Array.from({ length: count }, (_, index) => g.input(joinInput(index), 'float32', shape(1)))
  g.output('memory', concatenate(g, parts, 0), shape(count))
  return g.build()
}

export function joinInput(index: number): string {
  return `memory_${index}`
}
