import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * For tests: mounts a small memory disk, which only root on Linux can; root ignores permission bits, so a read-only
 * folder is a read-only disk. Answers null where mounting is refused.
 */
export async function mountSmallDisk(options: {
  readonly kilobytes: number
  readonly isReadOnly?: boolean
}): Promise<{ readonly path: string; unmount(): Promise<void> } | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null
  const path = await mkdtemp(join(tmpdir(), 'maskwright-disk-'))
  const settings = `size=${options.kilobytes}k${options.isReadOnly ? ',ro' : ''}`
  try {
    await run('mount', ['-t', 'tmpfs', '-o', settings, 'tmpfs', path])
  } catch {
    await rm(path, { recursive: true })
    return null
  }
  return {
    path,
    async unmount() {
      await run('umount', ['-l', path])
      await rm(path, { recursive: true })
    },
  }
}
