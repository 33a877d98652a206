/** Logits that the threshold is moved by: half of what the official automatic mask generator takes, for softer models. */
const offset = 0.5

/** IoU of a mask at a higher and at a lower threshold, 0 to 1; 1 for an empty one. */
export function stabilityOf(logits: Float32Array): number {
  let inner = 0
  let outer = 0
  for (const logit of logits) {
    if (logit > offset) inner++
    if (logit > -offset) outer++
  }
  return outer === 0 ? 1 : inner / outer
}
