import { suspectAccuracy, type JudgedFrame } from './metrics/suspect-accuracy.ts'
import { formatTable } from '../../electron/cli/text-table.ts'

/** How well suspicion finds the wrong frames of each sequence, and of all of them together. */
export function suspectTable(
  sequences: readonly { readonly name: string; readonly judged: readonly JudgedFrame[] }[],
  threshold: number,
): string {
  const all = sequences.flatMap(({ judged }) => judged)
  const rows = [...sequences, { name: 'all', judged: all }].map(({ name, judged }) => {
    const accuracy = suspectAccuracy(judged, threshold)
    return [
      name,
      ...[accuracy.frames, accuracy.wrong, accuracy.suspect].map(String),
      ...[accuracy.precision, accuracy.recall, accuracy.areaUnderCurve].map((value) =>
        Number.isNaN(value) ? '-' : value.toFixed(3),
      ),
    ]
  })
  return formatTable([['sequence', 'frames', 'wrong', 'suspect', 'precision', 'recall', 'area'], ...rows])
}
