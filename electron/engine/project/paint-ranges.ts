/** A record that covers frames `first` to `last`, both included. */
export interface FrameRangeRecord {
  readonly id: number
  readonly first: number
  readonly last: number
}

export interface RangeEdit<Range extends FrameRangeRecord> {
  readonly put: readonly Range[]
  readonly remove: readonly number[]
}

/** What a range says, apart from which frames it covers. */
export type RangeContent<Range extends FrameRangeRecord> = Omit<Range, keyof FrameRangeRecord>

/**
 * Lays `content` over frames `first` to `last` of ranges that do not overlap: what lay there is cut back, split or
 * removed, and neighbours that say the same grow together, the oldest keeping its id. `content` null clears the
 * frames; `first` after `last` means no frames. The ranges need no order. Records that do not change are not named in the result.
 */
export function paintRanges<Range extends FrameRangeRecord>(options: {
  ranges: Iterable<Range>
  first: number
  last: number
  content: RangeContent<Range> | null
  same: (range: Range, content: RangeContent<Range>) => boolean
  newId: () => number
}): RangeEdit<Range> {
  const { content, same, newId } = options
  const put: Range[] = []
  const remove: number[] = []
  const joined: Range[] = []
  let { first, last } = options
  if (first > last) return { put, remove }

  for (const range of options.ranges) {
    const touches = range.last >= options.first - 1 && range.first <= options.last + 1
    if (!touches) continue
    if (content !== null && same(range, content)) {
      joined.push(range)
      first = Math.min(first, range.first)
      last = Math.max(last, range.last)
      continue
    }
    const overlaps = range.last >= options.first && range.first <= options.last
    if (!overlaps) continue
    const left = range.first < options.first ? { ...range, last: options.first - 1 } : null
    const right = range.last > options.last ? { ...range, first: options.last + 1 } : null
    if (left !== null) put.push(left)
    if (right !== null) put.push(left === null ? right : { ...right, id: newId() })
    if (left === null && right === null) remove.push(range.id)
  }

  if (content === null) return { put, remove }
  joined.sort((a, b) => a.id - b.id)
  const [kept, ...absorbed] = joined
  for (const range of absorbed) remove.push(range.id)
  if (kept === undefined || kept.first !== first || kept.last !== last) {
    put.push({ ...content, id: kept?.id ?? newId(), first, last } as Range)
  }
  return { put, remove }
}
