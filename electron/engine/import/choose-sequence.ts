import { ImportNeedsSequence } from './import-errors.ts'

/**
 * The sequence that was asked for, or the only one.
 * @throws ImportNeedsSequence when there are several and none was named, or when it is not among them
 */
export function chooseSequence<Item>(items: ReadonlyMap<string, Item>, wanted: string | null): Item {
  const names = [...items.keys()]
  const name = wanted ?? (names.length === 1 ? names[0]! : null)
  const item = name === null ? undefined : items.get(name)
  if (item === undefined) throw new ImportNeedsSequence(names, wanted)
  return item
}
