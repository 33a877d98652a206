import { open, realpath, stat, type FileHandle } from 'node:fs/promises'
import { resolve } from 'node:path'
import { MissingTensor, UnreadableCheckpoint } from './checkpoint-errors.ts'
import type { CheckpointTensor } from './checkpoint-tensor.ts'
import { readTensorAsFloat32 } from './read-tensor.ts'
import { readSafetensors } from './safetensors.ts'
import { readTorchCheckpoint } from './torch-checkpoint.ts'

export type { CheckpointTensor, TensorType } from './checkpoint-tensor.ts'

/** A checkpoint's table of contents; its weights stay in the file. */
export interface Checkpoint {
  /** Absolute path. */
  readonly path: string
  readonly tensors: ReadonlyMap<string, CheckpointTensor>
  /**
   * The numbers of a tensor, row-major, converted to float32.
   * @throws MissingTensor when there is none of this name.
   */
  readTensor(name: string): Promise<Float32Array<ArrayBuffer>>
}

/**
 * Opens a PyTorch checkpoint (`torch.save` of 1.6 and later) or a safetensors file; the content decides, not the name.
 * Reads the table of contents only and keeps no file open.
 * @throws UnreadableCheckpoint when the file is missing, damaged or of another kind; RefusedPickle when it asks for
 * more than tensors.
 */
export async function openCheckpoint(path: string): Promise<Checkpoint> {
  // Models of a hub's cache are links; the runtime reads weights only from their own folder.
  const absolute = await realpath(path).catch(() => resolve(path))
  const tensors = await readTensors(absolute)
  return {
    path: absolute,
    tensors,
    async readTensor(name) {
      const tensor = tensors.get(name)
      if (!tensor) throw new MissingTensor(absolute, name)
      return readTensorAsFloat32(tensor)
    },
  }
}

async function readTensors(path: string): Promise<Map<string, CheckpointTensor>> {
  const handle = await openFile(path)
  try {
    const { size } = await handle.stat()
    if (size === 0) throw new UnreadableCheckpoint(path, 'the file is empty')
    const { buffer: start, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0)
    switch (fileKind(start.subarray(0, bytesRead))) {
      case 'torch':
        return await readTorchCheckpoint(path, handle, size)
      case 'safetensors':
        return await readSafetensors(path, handle, size)
      case 'pickle':
        throw new UnreadableCheckpoint(
          path,
          'it was written in the format of PyTorch before 1.6; load it in a newer PyTorch and save it again',
        )
      case 'unknown':
        throw new UnreadableCheckpoint(
          path,
          'it is neither a PyTorch checkpoint (.pt) nor a .safetensors file',
        )
    }
  } finally {
    await handle.close()
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    // Asked before opening, because opening a pipe waits for its other end.
    const isFile = (await stat(path)).isFile()
    if (!isFile) throw new UnreadableCheckpoint(path, 'it is not a file')
    return await open(path)
  } catch (error) {
    if (error instanceof UnreadableCheckpoint) throw error
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const reason = missing ? 'there is no such file' : 'the file cannot be opened'
    throw new UnreadableCheckpoint(path, reason, { cause: error })
  }
}

function fileKind(start: Buffer): 'torch' | 'safetensors' | 'pickle' | 'unknown' {
  if (start.length >= 4 && start.readUInt32LE(0) === 0x04034b50) return 'torch'
  // A length below 2^32 and the brace that opens the header.
  if (start.length >= 9 && start.readUInt32LE(4) === 0 && start[8] === 0x7b) return 'safetensors'
  if (start.length >= 2 && start[0] === 0x80 && start[1]! <= 5) return 'pickle'
  return 'unknown'
}
