import type { BinaryMask } from '../masks/binary-mask.ts'
import type { PixelBox } from '../masks/run-length-measures.ts'
import type { Canvas } from './video-sink.ts'

export type Rgb = readonly [red: number, green: number, blue: number]

/** Mixes a colour into the pixels of a mask. `box` is the mask's own; only its rows are touched. RGB canvas. */
export function fillMask(
  canvas: Canvas,
  mask: BinaryMask,
  box: PixelBox,
  colour: Rgb,
  opacity: number,
): void {
  const { pixels, strideBytes } = canvas
  const { data, widthPx } = mask
  const [red, green, blue] = colour.map((channel) => mixingTable(channel, opacity)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ]
  for (let y = box.topPx; y < box.topPx + box.heightPx; y++) {
    const end = y * widthPx + box.leftPx + box.widthPx
    let target = y * strideBytes + box.leftPx * 3
    for (let source = y * widthPx + box.leftPx; source < end; source++, target += 3) {
      if (data[source] === 0) continue
      pixels[target] = red[pixels[target]!]!
      pixels[target + 1] = green[pixels[target + 1]!]!
      pixels[target + 2] = blue[pixels[target + 2]!]!
    }
  }
}

/** For each value of a channel, the value with a colour's channel laid over it. */
function mixingTable(channel: number, opacity: number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, value) => Math.round(value + (channel - value) * opacity))
}

/** A round pen: how much of each pixel around its centre it covers, 0 to 255. */
interface Pen {
  readonly radiusPx: number
  readonly coverage: Uint8Array
}

/** Draws soft lines of one width along the edges of masks. Keeps a picture-sized scratch area between calls. */
export class OutlineDrawer {
  readonly #widthPx: number
  readonly #heightPx: number
  readonly #pen: Pen
  /** Coverage of the line, 0 to 255; all 0 between calls. */
  readonly #coverage: Uint8Array

  constructor(widthPx: number, heightPx: number, lineWidthPx: number) {
    this.#widthPx = widthPx
    this.#heightPx = heightPx
    this.#pen = roundPen(lineWidthPx / 2)
    this.#coverage = new Uint8Array(widthPx * heightPx)
  }

  /** Draws the outline of a mask on an RGB canvas. The line's middle runs through the mask's outermost pixels. */
  draw(canvas: Canvas, mask: BinaryMask, box: PixelBox, colour: Rgb): void {
    this.#trace(mask, box)
    const reach = this.#pen.radiusPx
    const left = Math.max(0, box.leftPx - reach)
    const right = Math.min(this.#widthPx, box.leftPx + box.widthPx + reach)
    const top = Math.max(0, box.topPx - reach)
    const bottom = Math.min(this.#heightPx, box.topPx + box.heightPx + reach)
    const { pixels, strideBytes } = canvas
    const coverage = this.#coverage
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const covered = coverage[y * this.#widthPx + x]!
        if (covered === 0) continue
        const target = y * strideBytes + x * 3
        for (let channel = 0; channel < 3; channel++) {
          const value = pixels[target + channel]!
          pixels[target + channel] = value + Math.round(((colour[channel]! - value) * covered) / 255)
        }
      }
      coverage.fill(0, y * this.#widthPx + left, y * this.#widthPx + right)
    }
  }

  /** Stamps the pen on each foreground pixel with background beside it; the picture's border counts as mask. */
  #trace({ data }: BinaryMask, box: PixelBox): void {
    const width = this.#widthPx
    const lastX = width - 1
    const lastY = this.#heightPx - 1
    for (let y = box.topPx; y < box.topPx + box.heightPx; y++) {
      for (let x = box.leftPx; x < box.leftPx + box.widthPx; x++) {
        const place = y * width + x
        if (data[place] === 0) continue
        const isEdge =
          (x > 0 && data[place - 1] === 0) ||
          (x < lastX && data[place + 1] === 0) ||
          (y > 0 && data[place - width] === 0) ||
          (y < lastY && data[place + width] === 0)
        if (isEdge) this.#stamp(x, y)
      }
    }
  }

  #stamp(centreX: number, centreY: number): void {
    const { radiusPx, coverage: pen } = this.#pen
    const side = 2 * radiusPx + 1
    for (let dy = -radiusPx; dy <= radiusPx; dy++) {
      const y = centreY + dy
      if (y < 0 || y >= this.#heightPx) continue
      const penRow = (dy + radiusPx) * side + radiusPx
      for (let dx = -radiusPx; dx <= radiusPx; dx++) {
        const x = centreX + dx
        if (x < 0 || x >= this.#widthPx) continue
        const value = pen[penRow + dx]!
        const place = y * this.#widthPx + x
        if (value > this.#coverage[place]!) this.#coverage[place] = value
      }
    }
  }
}

function roundPen(radius: number): Pen {
  const radiusPx = Math.ceil(Math.max(radius - 0.5, 0))
  const side = 2 * radiusPx + 1
  const coverage = Uint8Array.from({ length: side * side }, (_, place) => {
    const dx = (place % side) - radiusPx
    const dy = Math.floor(place / side) - radiusPx
    // A pixel is covered by as much as the pen's rim has passed its centre.
    return Math.round(255 * Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(dx, dy))))
  })
  return { radiusPx, coverage }
}
