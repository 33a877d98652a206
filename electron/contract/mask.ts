import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { sidePxSchema } from './scalars.ts'

/**
 * A binary mask as COCO run-length encoding: runs in column-major order, background first.
 * `counts` is the compressed string exactly as pycocotools writes it; `size` is [heightPx, widthPx].
 */
export const runLengthMaskSchema = z.object({
  size: z
    .tuple([sidePxSchema, sidePxSchema])
    .refine(
      ([height, width]) => height * width <= LIMITS.picturePx,
      'must not have more pixels than a picture',
    ),
  counts: z
    .string()
    .max(LIMITS.maskCountsLength)
    .regex(/^[0-o]*$/, 'must be compressed COCO counts'),
})
export type RunLengthMask = z.infer<typeof runLengthMaskSchema>
