import type { RunLengthMask } from '../../contract/mask.ts'
import { MaskFormatError, MaskSizeMismatchError } from './mask-errors.ts'
import { decodeRunLength, encodeRunLength } from './run-length-mask.ts'

/** A colour of a palette: red, green, blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number]

/** A picture that tells for every pixel, row by row, which object it belongs to; 0 is background. */
export interface LabelPicture {
  readonly widthPx: number
  readonly heightPx: number
  readonly labels: Uint8Array | Uint16Array | Uint32Array
}

/** The mask of one object of a label picture. */
export function maskOfLabel(picture: LabelPicture, label: number): RunLengthMask {
  const { widthPx, heightPx, labels } = picture
  const data = new Uint8Array(labels.length)
  for (let i = 0; i < labels.length; i++) data[i] = labels[i] === label ? 1 : 0
  return encodeRunLength({ widthPx, heightPx, data })
}

/** The mask of everything that is not background. */
export function maskOfAllLabels(picture: LabelPicture): RunLengthMask {
  const { widthPx, heightPx, labels } = picture
  const data = new Uint8Array(labels.length)
  for (let i = 0; i < labels.length; i++) data[i] = labels[i] === 0 ? 0 : 1
  return encodeRunLength({ widthPx, heightPx, data })
}

/** The labels that occur, background left out, ascending. */
export function labelsIn(picture: LabelPicture): number[] {
  const found = new Set<number>()
  let last = 0
  for (const label of picture.labels) {
    if (label !== last) found.add(label)
    last = label
  }
  found.delete(0)
  return [...found].sort((a, b) => a - b)
}

/**
 * Puts masks into one picture of labels 1 to 255. Where masks overlap, the later one wins.
 * @throws MaskSizeMismatchError for a mask of another picture, MaskFormatError for a label that does not fit
 */
export function labelPictureOf(
  objects: readonly { readonly label: number; readonly mask: RunLengthMask }[],
  heightPx: number,
  widthPx: number,
): LabelPicture & { readonly labels: Uint8Array } {
  const labels = new Uint8Array(heightPx * widthPx)
  for (const { label, mask } of objects) {
    if (!Number.isInteger(label) || label < 1 || label > 255) {
      throw new MaskFormatError(`the label ${label} does not fit into a picture of labels 1 to 255`)
    }
    if (mask.size[0] !== heightPx || mask.size[1] !== widthPx) {
      throw new MaskSizeMismatchError(mask.size, [heightPx, widthPx])
    }
    const { data } = decodeRunLength(mask)
    for (let i = 0; i < data.length; i++) if (data[i]) labels[i] = label
  }
  return { widthPx, heightPx, labels }
}
