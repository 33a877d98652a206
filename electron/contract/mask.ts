import { z } from 'zod'

/**
 * A binary mask as COCO run-length encoding: runs in column-major order, background first.
 * `counts` is the compressed string exactly as pycocotools writes it; `size` is [heightPx, widthPx].
 */
export const runLengthMaskSchema = z.object({
  size: z.tuple([z.int().positive(), z.int().positive()]),
  counts: z.string(),
})
export type RunLengthMask = z.infer<typeof runLengthMaskSchema>
