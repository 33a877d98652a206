import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

/** The lines of a file one by one, so that its length costs no memory. */
export function linesOf(path: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(path), crlfDelay: Infinity })
}
