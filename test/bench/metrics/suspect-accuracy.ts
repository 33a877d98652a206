/** A tracked frame: how far it was mistrusted, and whether it was wrong. */
export interface JudgedFrame {
  /** 0 to 1. */
  readonly suspicion: number
  readonly isWrong: boolean
}

/** How well suspicion tells wrong frames from right ones. A figure that nothing can be said of is NaN. */
export interface SuspectAccuracy {
  readonly frames: number
  readonly wrong: number
  readonly suspect: number
  /** Share of the suspect frames that are wrong. */
  readonly precision: number
  /** Share of the wrong frames that are suspect. */
  readonly recall: number
  /** Area under the receiver operating characteristic: how often a wrong frame is more suspect than a right one. */
  readonly areaUnderCurve: number
}

export function suspectAccuracy(frames: readonly JudgedFrame[], threshold: number): SuspectAccuracy {
  const suspect = frames.filter(({ suspicion }) => suspicion > threshold)
  const wrong = frames.filter(({ isWrong }) => isWrong)
  const found = suspect.filter(({ isWrong }) => isWrong).length
  return {
    frames: frames.length,
    wrong: wrong.length,
    suspect: suspect.length,
    precision: found / suspect.length,
    recall: found / wrong.length,
    areaUnderCurve: areaUnderCurve(frames),
  }
}

/** By ranks (Mann and Whitney): ties count half. */
function areaUnderCurve(frames: readonly JudgedFrame[]): number {
  const sorted = [...frames].sort((a, b) => a.suspicion - b.suspicion)
  let rightBelow = 0
  let pairsWon = 0
  for (let start = 0; start < sorted.length;) {
    let end = start
    while (end < sorted.length && sorted[end]!.suspicion === sorted[start]!.suspicion) end++
    const tied = sorted.slice(start, end)
    const wrong = tied.filter(({ isWrong }) => isWrong).length
    const right = tied.length - wrong
    pairsWon += wrong * (rightBelow + right / 2)
    rightBelow += right
    start = end
  }
  return pairsWon / (rightBelow * (frames.length - rightBelow))
}
