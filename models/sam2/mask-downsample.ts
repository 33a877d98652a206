import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { requireTensor } from '../checkpoint/require-tensor.ts'

/** `mask_downsample` (SAM2Base), a 4x4 convolution of stride 4. */
export interface MaskDownsample {
  /** [4, 4] */
  readonly weight: Float32Array
  readonly bias: number
}

/** @throws MissingTensor, MisshapenTensor */
export async function readMaskDownsample(checkpoint: Checkpoint): Promise<MaskDownsample> {
  requireTensor(checkpoint, 'mask_downsample.weight', [1, 1, 4, 4])
  requireTensor(checkpoint, 'mask_downsample.bias', [1])
  return {
    weight: await checkpoint.readTensor('mask_downsample.weight'),
    bias: (await checkpoint.readTensor('mask_downsample.bias'))[0]!,
  }
}

/** A mask at the picture's size as the mask prompt that the decoder takes: [4 side, 4 side] -> [side, side]. */
export function downsampleMask(
  mask: Float32Array,
  side: number,
  { weight, bias }: MaskDownsample,
): Float32Array {
  return Float32Array.from({ length: side * side }, (_, index) => {
    const start = Math.floor(index / side) * 4 * side * 4 + (index % side) * 4
    let sum = bias
    for (let tap = 0; tap < 16; tap++) sum += weight[tap]! * mask[start + (tap >> 2) * side * 4 + (tap & 3)]!
    return sum
  })
}
