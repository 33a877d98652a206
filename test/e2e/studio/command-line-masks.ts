import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import type { RunLengthMask } from '../../../electron/contract/mask.ts'
import { decodePngLabels } from '../../../electron/engine/masks/png-reader.ts'
import { encodeRunLength } from '../../../electron/engine/masks/run-length-mask.ts'
import { maskwright } from '../../command-line.ts'

/** Masks of a run of `maskwright track` with one object and these arguments, by frame. */
export async function trackOnCommandLine(
  film: string,
  args: readonly string[],
  outFolder: string,
): Promise<(frameIndex: number) => Promise<RunLengthMask>> {
  const run = await maskwright('track', film, '--object', 'one', ...args, '--out', outFolder)
  expect(run.code, run.errors).toBe(0)
  return (frameIndex) =>
    readMaskPicture(join(outFolder, 'masks', 'one', `${String(frameIndex).padStart(5, '0')}.png`))
}

/** A mask from a picture in which everything that is not black belongs to it. */
export async function readMaskPicture(path: string): Promise<RunLengthMask> {
  const { widthPx, heightPx, labels } = decodePngLabels(await readFile(path))
  return encodeRunLength({ widthPx, heightPx, data: Uint8Array.from(labels, (label) => Math.min(label, 1)) })
}
