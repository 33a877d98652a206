import { MissingTensor, MisshapenTensor } from './checkpoint-errors.ts'
import type { CheckpointTensor, TensorType } from './checkpoint-tensor.ts'
import type { Checkpoint } from './checkpoint.ts'

/**
 * The tensor of this name, which must have this shape and number format.
 * @throws MissingTensor, MisshapenTensor; both name the tensor.
 */
export function requireTensor(
  checkpoint: Checkpoint,
  name: string,
  shape: readonly number[],
  types: readonly TensorType[] = ['float32', 'float16', 'bfloat16'],
): CheckpointTensor {
  const tensor = checkpoint.tensors.get(name)
  if (!tensor) throw new MissingTensor(checkpoint.path, name)
  const fits =
    tensor.shape.length === shape.length && tensor.shape.every((size, axis) => size === shape[axis])
  if (!fits) {
    throw new MisshapenTensor(checkpoint.path, name, describeShape(tensor.shape), describeShape(shape))
  }
  if (!types.includes(tensor.type)) {
    throw new MisshapenTensor(checkpoint.path, name, `the number format ${tensor.type}`, types.join(' or '))
  }
  return tensor
}

function describeShape(shape: readonly number[]): string {
  return shape.length === 0 ? 'the shape of a single number' : `the shape ${shape.join(' x ')}`
}
