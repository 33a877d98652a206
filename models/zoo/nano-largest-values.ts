/**
 * The largest magnitudes between the blocks of nano's trunk, met on 49 frames of eight clips at 512 px by
 * `npm run largest-values`; see `MobileNetV2Trunk.largestValues`.
 */
export const nanoLargestValues: readonly number[] = [
  55.04, 40.6, 50.34, 52.43, 27.15, 36.97, 41.4, 47.83, 47.1, 23.41, 25.18, 28.22, 17.41, 26.96, 19.18, 28.06,
  26.45, 21.28, 27.33, 21.99, 35.67, 14.68, 14.62, 18.28, 19.37, 24.65, 14.72,
]
