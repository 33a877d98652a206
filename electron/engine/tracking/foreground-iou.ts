/** IoU of what is above 0 in two masks of logits of the same size. */
export function foregroundIou(first: Float32Array, second: Float32Array): number {
  let intersection = 0
  let union = 0
  for (const [cell, logit] of first.entries()) {
    const isFirst = logit > 0
    const isSecond = second[cell]! > 0
    if (isFirst && isSecond) intersection++
    if (isFirst || isSecond) union++
  }
  return union === 0 ? 0 : intersection / union
}
