import type { Colour } from './label-picture.ts'

/**
 * The colour map of PASCAL VOC, which DAVIS and YouTube-VOS use too: the bits of a label, lowest first, are dealt to
 * red, green and blue, highest bit first. 256 colours, 0 is black.
 */
export function vocPalette(): Colour[] {
  return Array.from({ length: 256 }, (_, label): Colour => {
    const channel = (offset: number): number => {
      let value = 0
      for (let bit = 0; 3 * bit + offset < 8; bit++) value |= ((label >> (3 * bit + offset)) & 1) << (7 - bit)
      return value
    }
    return [channel(0), channel(1), channel(2)]
  })
}
