import type { RunLengthMask } from '../../contract/mask.ts'
import { componentsOfRuns, type ConnectedComponents } from './connected-components.ts'
import type { RowRuns } from './row-runs.ts'
import { RunWriter } from './run-length-crop.ts'
import { runLengthCounts } from './run-length-mask.ts'

/** As `withoutHoles`, from run lengths to run lengths, without decoding: its cost is that of the runs, not the pixels. */
export function runLengthWithoutHoles(mask: RunLengthMask, maxAreaPx: number): RunLengthMask {
  if (maxAreaPx <= 0) return mask
  const heightPx = mask.size[0]
  const holes = componentsOfRuns(columnRuns(mask, 0), heightPx, 4)
  const isHole = chosen(holes, (hole) => holes.areas[hole]! <= maxAreaPx && !holes.touchesBorder[hole])
  if (!isHole.includes(1)) return mask
  return withRuns(mask, (writer) => {
    // Both kinds of runs of a column in the order of their first pixels.
    const { runs } = holes
    const filled = columnRuns(mask, 1)
    for (let column = 0; column + 1 < filled.firstOfRow.length; column++) {
      let hole = runs.firstOfRow[column]!
      let run = filled.firstOfRow[column]!
      const [holeEnd, runEnd] = [runs.firstOfRow[column + 1]!, filled.firstOfRow[column + 1]!]
      while (hole < holeEnd || run < runEnd) {
        const isNext = run === runEnd || (hole < holeEnd && runs.begins[hole]! < filled.begins[run]!)
        if (!isNext) writeRun(writer, filled, run++, column, heightPx)
        else if (isHole[holes.componentOfRun[hole]!]) writeRun(writer, runs, hole++, column, heightPx)
        else hole++
      }
    }
  })
}

/** As `withoutSpecks`, from run lengths to run lengths, without decoding. */
export function runLengthWithoutSpecks(mask: RunLengthMask, maxAreaPx: number): RunLengthMask {
  if (maxAreaPx <= 0) return mask
  const heightPx = mask.size[0]
  const pieces = componentsOfRuns(columnRuns(mask, 1), heightPx, 8)
  const largest = largestInReadingOrder(pieces)
  const isSpeck = chosen(pieces, (piece) => pieces.areas[piece]! <= maxAreaPx && piece !== largest)
  if (!isSpeck.includes(1)) return mask
  return withRuns(mask, (writer) => {
    const { runs } = pieces
    for (let column = 0; column + 1 < runs.firstOfRow.length; column++)
      for (let run = runs.firstOfRow[column]!; run < runs.firstOfRow[column + 1]!; run++)
        if (!isSpeck[pieces.componentOfRun[run]!]) writeRun(writer, runs, run, column, heightPx)
  })
}

/** Of pieces of the same size the one whose first pixel comes first row by row, as where pixels are looked at. */
function largestInReadingOrder({ count, areas, runs, componentOfRun }: ConnectedComponents): number {
  const firstPlace = new Float64Array(count).fill(Infinity)
  const columns = runs.firstOfRow.length - 1
  for (let column = 0; column < columns; column++)
    for (let run = runs.firstOfRow[column]!; run < runs.firstOfRow[column + 1]!; run++) {
      const piece = componentOfRun[run]!
      firstPlace[piece] = Math.min(firstPlace[piece]!, runs.begins[run]! * columns + column)
    }
  let largest = 0
  for (let piece = 1; piece < count; piece++) {
    const more = areas[piece]! - areas[largest]!
    if (more > 0 || (more === 0 && firstPlace[piece]! < firstPlace[largest]!)) largest = piece
  }
  return largest
}

function chosen({ count }: ConnectedComponents, isChosen: (piece: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: count }, (_, piece) => (isChosen(piece) ? 1 : 0))
}

function withRuns(
  { size: [heightPx, widthPx] }: RunLengthMask,
  write: (writer: RunWriter) => void,
): RunLengthMask {
  const writer = new RunWriter(heightPx, widthPx)
  write(writer)
  return writer.mask()
}

function writeRun(writer: RunWriter, runs: RowRuns, run: number, column: number, heightPx: number): void {
  writer.add(column * heightPx + runs.begins[run]!, runs.ends[run]! - runs.begins[run]!)
}

/** The vertical runs of one value, column by column: the "rows" of the picture mirrored at its diagonal. */
function columnRuns(mask: RunLengthMask, value: 0 | 1): RowRuns {
  const [heightPx, widthPx] = mask.size
  const counts = runLengthCounts(mask)
  // A run can reach over the end of a column, so that there is at most one more for each column.
  const begins = new Int32Array(counts.length + widthPx)
  const ends = new Int32Array(counts.length + widthPx)
  const firstOfRow = new Int32Array(widthPx + 1)
  let count = 0
  let column = 0
  let position = 0
  for (let i = 0; i < counts.length; i++) {
    const end = position + counts[i]!
    while (position < end) {
      const at = Math.floor(position / heightPx)
      while (column < at) firstOfRow[++column] = count
      const stop = Math.min(end, (at + 1) * heightPx)
      if ((i & 1) === value) {
        begins[count] = position - at * heightPx
        ends[count++] = stop - at * heightPx
      }
      position = stop
    }
  }
  while (column < widthPx) firstOfRow[++column] = count
  return { count, begins, ends, firstOfRow }
}
