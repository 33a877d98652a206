/** A binary mask, row-major, one byte a pixel, 0 or 1. The form the engine computes with. */
export interface BinaryMask {
  readonly widthPx: number
  readonly heightPx: number
  readonly data: Uint8Array
}
