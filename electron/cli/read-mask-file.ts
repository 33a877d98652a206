import { readFile } from 'node:fs/promises'
import type { BinaryMask } from '../engine/masks/binary-mask.ts'
import { decodePngLabels } from '../engine/masks/png-reader.ts'
import { UsageError } from './usage-error.ts'

/** A PNG as a mask: all that is not black. @throws UsageError for a file that cannot be read or is black all over */
export async function readMaskFile(path: string): Promise<BinaryMask> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new UsageError(
      `The mask ${path} could not be read: ${cause instanceof Error ? cause.message : 'unknown'}.`,
    )
  })
  const { widthPx, heightPx, labels } = decodePngLabels(bytes)
  if (labels.every((label) => label === 0)) throw new UsageError(`The mask ${path} is black all over.`)
  return { widthPx, heightPx, data: Uint8Array.from(labels, (label) => (label === 0 ? 0 : 1)) }
}
