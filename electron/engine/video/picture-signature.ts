import type { DecodedFrame } from './video-source.ts'

const columns = 24
const rows = 14
const channels = 3
/** Pixels looked at in a cell, along each axis. */
const samples = 6

/** A frame as a small picture. */
export interface PictureSignature {
  /** Mean red, green and blue of a grid of cells, 0 to 255. */
  readonly cells: Float32Array
  /** Standard deviation of the cells' green: the picture's contrast. */
  readonly deviation: number
}

/** The frame on a grid of 24 x 14 cells, from a fixed number of pixels, whatever its size. */
export function pictureSignature({ rgb, widthPx, heightPx }: DecodedFrame): PictureSignature {
  const cells = new Float32Array(columns * rows * channels)
  const x = sampledPlaces(widthPx, columns)
  const y = sampledPlaces(heightPx, rows)
  y.forEach((row, down) => {
    x.forEach((column, across) => {
      const cell = (Math.floor(down / samples) * columns + Math.floor(across / samples)) * channels
      const pixel = (row * widthPx + column) * channels
      for (let channel = 0; channel < channels; channel++)
        cells[cell + channel]! += rgb[pixel + channel]! / samples ** 2
    })
  })
  return { cells, deviation: Math.sqrt(covariance(cells, cells)) }
}

/** Difference of the cell in the middle of all, in levels of 255: what moves through a part of the picture says little. */
export function medianDifference(first: PictureSignature, second: PictureSignature): number {
  const differences = new Float32Array(first.cells.length / channels)
  first.cells.forEach((value, i) => {
    differences[Math.floor(i / channels)]! += Math.abs(value - second.cells[i]!) / channels
  })
  return differences.sort()[differences.length >> 1]!
}

/** A picture between two, `part` of the way to the second. */
export function mixedSignature(
  first: PictureSignature,
  second: PictureSignature,
  part: number,
): PictureSignature {
  const cells = first.cells.map((value, i) => value + (second.cells[i]! - value) * part)
  return { cells, deviation: Math.sqrt(covariance(cells, cells)) }
}

/** Correlation of two pictures' green, -1 to 1: light that grows or falls evenly leaves it at 1. */
export function signatureLikeness(first: PictureSignature, second: PictureSignature): number {
  const spread = first.deviation * second.deviation
  return spread === 0 ? 0 : covariance(first.cells, second.cells) / spread
}

function covariance(first: Float32Array, second: Float32Array): number {
  const count = columns * rows
  let sumFirst = 0
  let sumSecond = 0
  let sumProduct = 0
  for (let i = 1; i < first.length; i += channels) {
    sumFirst += first[i]!
    sumSecond += second[i]!
    sumProduct += first[i]! * second[i]!
  }
  return sumProduct / count - (sumFirst / count) * (sumSecond / count)
}

/** The middles of `cells * samples` equal stretches. */
function sampledPlaces(lengthPx: number, cells: number): number[] {
  const count = cells * samples
  return Array.from({ length: count }, (_, place) =>
    Math.min(Math.floor(((place + 0.5) * lengthPx) / count), lengthPx - 1),
  )
}
