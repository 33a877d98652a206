import { readFileSync } from 'node:fs'

interface OfficialResizes {
  upsampled: {
    lowWidth: number
    lowHeight: number
    width: number
    height: number
    logits: string
    sampled: string
    counts: string
  }[]
  maskPrompts: {
    width: number
    height: number
    counts: string
    modelSize: number
    lowSize: number
    lowLogits: string
  }[]
}

/** For tests: what the official predictor made of logits and of a mask prompt. */
export function officialResizes(): OfficialResizes {
  const file = new URL('../../../test/fixtures/masks/official-resizes.json', import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as OfficialResizes
}

/** Little-endian float32 values in base64. */
export function floatsFromBase64(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64')
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i))
}
