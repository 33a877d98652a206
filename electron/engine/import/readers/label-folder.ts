import { join } from 'node:path'
import { LIMITS } from '../../../contract/limits.ts'
import { labelsIn, maskOfLabel } from '../../masks/label-picture.ts'
import { MaskFormatError } from '../../masks/mask-errors.ts'
import { decodePngLabels, type DecodedLabels } from '../../masks/png-reader.ts'
import { vocPalette } from '../../masks/voc-palette.ts'
import { listedFrame } from '../frame-list.ts'
import { ImportDamaged } from '../import-errors.ts'
import type { LabelCollector } from '../label-collector.ts'
import { filesIn, readPicture, stemOf } from '../read-source.ts'

/** Colours of the usual palette, so that a label picture saved in colour has the same labels. */
const labelOfColour = new Map(vocPalette().map(([r, g, b], label) => [(r << 16) | (g << 8) | b, label]))

export interface LabelFolder {
  readonly folder: string
  /** Source frames by number, from `readFrameList`. */
  readonly frames: ReadonlyMap<number, number>
  /** Labels that are no objects, each with the reason. */
  readonly meaningless?: ReadonlyMap<number, string>
  /** What is known of an object by its label. */
  describe(label: number): { name: string; className?: string | null }
}

/**
 * Reads a folder of label pictures: each label is an object that stays the same over all of them.
 * @throws ImportDamaged, ImportSourceMissing
 */
export async function readLabelFolder(collector: LabelCollector, options: LabelFolder): Promise<void> {
  const { folder, frames, meaningless, describe } = options
  for (const fileName of await filesIn(folder, '.png')) {
    const path = join(folder, fileName)
    const picture = await decodeLabels(path)
    const stem = stemOf(fileName)
    const frame = collector.frame(stem, () => ({ name: stem, number: listedFrame(frames, stem) }))
    const labels = labelsIn(picture)
    if (labels.length > LIMITS.objects)
      throw new ImportDamaged(path, `it has ${labels.length} colours, so it is no picture of labels`)
    for (const label of labels) {
      const known = picture.kind === 'colour' ? (labelOfColour.get(label) ?? label) : label
      const why = meaningless?.get(known)
      if (why !== undefined) {
        collector.skip(`label ${known} of ${fileName}`, why)
        continue
      }
      const object = collector.object(String(known), () => describe(known))
      collector.add(frame, object, maskOfLabel(picture, label))
    }
  }
}

/** @throws ImportDamaged, ImportSourceMissing */
export async function decodeLabels(path: string): Promise<DecodedLabels> {
  const bytes = await readPicture(path)
  try {
    return decodePngLabels(bytes)
  } catch (error) {
    if (error instanceof MaskFormatError) throw new ImportDamaged(path, sentenceOf(error), error)
    throw error
  }
}

/** What a mask error says without its opening, so that it can end another sentence. */
export function sentenceOf(error: MaskFormatError): string {
  return error.message.replace(/^This mask cannot be read: /, '').replace(/\.$/, '')
}
