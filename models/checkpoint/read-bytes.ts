import type { FileHandle } from 'node:fs/promises'

/** Reads `lengthBytes` bytes from `offsetBytes`; undefined when the file ends before. */
export async function readBytes(
  handle: FileHandle,
  offsetBytes: number,
  lengthBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = new Uint8Array(lengthBytes)
  let filled = 0
  // One read may answer with less than was asked for, and with 2 GiB at most.
  while (filled < lengthBytes) {
    const wanted = Math.min(lengthBytes - filled, 2 ** 30)
    const { bytesRead } = await handle.read(bytes, filled, wanted, offsetBytes + filled)
    if (bytesRead === 0) return undefined
    filled += bytesRead
  }
  return bytes
}
