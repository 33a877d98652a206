import { UserFacingError } from '../../contract/errors.ts'

/** Mask data that cannot be read: a damaged run-length string, a wrong size, a broken PNG or polygon. */
export class MaskFormatError extends UserFacingError {
  constructor(what: string, options?: { cause?: unknown }) {
    super('mask-format', `This mask cannot be read: ${what}.`, options)
  }
}

/** Two masks were to be combined or compared, but belong to pictures of different size. */
export class MaskSizeMismatchError extends UserFacingError {
  constructor(first: readonly [number, number], second: readonly [number, number]) {
    super(
      'mask-size-mismatch',
      `These masks belong to pictures of different size: ${first[1]}x${first[0]} and ${second[1]}x${second[0]} pixels.`,
    )
  }
}
