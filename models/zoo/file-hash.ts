import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** SHA-256 of a file in lower-case hexadecimal. `onBytes` hears how many bytes are done. */
export async function sha256OfFile(
  path: string,
  options: { onBytes?: (doneBytes: number) => void; signal?: AbortSignal } = {},
): Promise<string> {
  const hash = createHash('sha256')
  let doneBytes = 0
  const stream = createReadStream(path, { highWaterMark: 2 ** 20 })
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    options.signal?.throwIfAborted()
    hash.update(chunk)
    doneBytes += chunk.length
    options.onBytes?.(doneBytes)
  }
  return hash.digest('hex')
}
