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
  /** Mean of the cells' green: the picture's light. */
  readonly mean: number
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
  return signatureOf(cells)
}

/** Difference of the cell in the middle of all, in levels of 255: what moves through a part of the picture says little. */
export function medianDifference(first: PictureSignature, second: PictureSignature): number {
  const differences = cellDifferences(first, second).sort()
  return differences[differences.length >> 1]!
}

/** Mean difference of all cells, in levels of 255. */
export function meanDifference(first: PictureSignature, second: PictureSignature): number {
  const differences = cellDifferences(first, second)
  return differences.reduce((sum, difference) => sum + difference, 0) / differences.length
}

function cellDifferences(first: PictureSignature, second: PictureSignature): Float32Array {
  const differences = new Float32Array(first.cells.length / channels)
  for (let i = 0; i < first.cells.length; i++)
    differences[Math.floor(i / channels)]! += Math.abs(first.cells[i]! - second.cells[i]!) / channels
  return differences
}

/** A picture between two, `part` of the way to the second. */
export function mixedSignature(
  first: PictureSignature,
  second: PictureSignature,
  part: number,
): PictureSignature {
  return signatureOf(first.cells.map((value, i) => value + (second.cells[i]! - value) * part))
}

/** Correlation of two pictures' green, -1 to 1: light that grows or falls evenly leaves it at 1. */
export function signatureLikeness(first: PictureSignature, second: PictureSignature): number {
  return likenessMoved(first, second, { scale: 1, right: 0, down: 0 })
}

/** How much of the first picture the second may show along each axis, and the share of it that both must show. */
const zooms = [1 / 1.11, 1, 1.11]
const leastShared = 0.45
/** Pictures of less variance have no pattern that could be found again. */
const leastVariance = 1

/** Two pictures that are so much alike after a turn or zoom of the camera are of one shot. */
export const sameAfterMotion = 0.85

/** The greatest correlation that the camera may have turned or zoomed away: of two pictures of one place it is near 1. */
export function likenessAfterMotion(first: PictureSignature, second: PictureSignature): number {
  let best = -1
  for (const scale of zooms)
    for (let down = -rows / 2; down <= rows / 2; down++)
      for (let right = -columns / 2; right <= columns / 2; right++)
        best = Math.max(best, likenessMoved(first, second, { scale, right, down }))
  return best
}

interface CameraMotion {
  readonly scale: number
  /** In cells. */
  readonly right: number
  readonly down: number
}

/** Correlation of the green that both pictures show after a motion; -1 where they share too little. */
function likenessMoved(first: PictureSignature, second: PictureSignature, motion: CameraMotion): number {
  const { scale, right, down } = motion
  let count = 0
  let sumFirst = 0
  let sumSecond = 0
  let sumFirstSquared = 0
  let sumSecondSquared = 0
  let sumProduct = 0
  for (let y = 0; y < rows; y++) {
    const fromY = sourceCell(y, rows, scale, down)
    if (fromY < 0 || fromY >= rows) continue
    for (let x = 0; x < columns; x++) {
      const fromX = sourceCell(x, columns, scale, right)
      if (fromX < 0 || fromX >= columns) continue
      const one = first.cells[(fromY * columns + fromX) * channels + 1]!
      const other = second.cells[(y * columns + x) * channels + 1]!
      count++
      sumFirst += one
      sumSecond += other
      sumFirstSquared += one * one
      sumSecondSquared += other * other
      sumProduct += one * other
    }
  }
  if (count < leastShared * columns * rows) return -1
  const firstVariance = sumFirstSquared / count - (sumFirst / count) ** 2
  const secondVariance = sumSecondSquared / count - (sumSecond / count) ** 2
  if (Math.min(firstVariance, secondVariance) < leastVariance) return 0
  const covariance = sumProduct / count - (sumFirst / count) * (sumSecond / count)
  return covariance / Math.sqrt(firstVariance * secondVariance)
}

function sourceCell(cell: number, cells: number, scale: number, moved: number): number {
  const middle = (cells - 1) / 2
  return Math.round((cell - middle) * scale + middle + moved)
}

function signatureOf(cells: Float32Array): PictureSignature {
  let sum = 0
  let squared = 0
  for (let i = 1; i < cells.length; i += channels) {
    sum += cells[i]!
    squared += cells[i]! ** 2
  }
  const mean = sum / (columns * rows)
  return { cells, mean, deviation: Math.sqrt(Math.max(0, squared / (columns * rows) - mean ** 2)) }
}

/** Share of the cells that are lighter in the second picture by more than so many levels. */
export function lighterShare(first: PictureSignature, second: PictureSignature, levels: number): number {
  return shareOf((cell) => second.cells[cell]! - first.cells[cell]! > levels)
}

/** Share of the cells in which light has reached its end. */
export function blownOutShare({ cells }: PictureSignature): number {
  return shareOf((cell) => cells[cell]! > 240)
}

function shareOf(holds: (greenAt: number) => boolean): number {
  let count = 0
  for (let i = 1; i < columns * rows * channels; i += channels) if (holds(i)) count++
  return count / (columns * rows)
}

/** The middles of `cells * samples` equal stretches. */
function sampledPlaces(lengthPx: number, cells: number): number[] {
  const count = cells * samples
  return Array.from({ length: count }, (_, place) =>
    Math.min(Math.floor(((place + 0.5) * lengthPx) / count), lengthPx - 1),
  )
}
