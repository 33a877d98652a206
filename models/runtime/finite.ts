/** Whether all of these are numbers, and none is infinite. */
export function areFinite(values: Float32Array): boolean {
  // A difference from itself is 0 for finite numbers, NaN for all others; quicker than to ask each.
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]! - values[i]!
  return sum === 0
}
