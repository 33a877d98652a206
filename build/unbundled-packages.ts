/**
 * The packages that stay beside the built scripts: those with native code, and the font that export reads as a file.
 * Every other library is bundled into the scripts.
 */
export const UNBUNDLED_PACKAGES = [
  '@fontsource/inter',
  '@photostructure/sqlite',
  'onnxruntime-node',
  'sharp',
] as const
