import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** What the built app is made from. */
export const SOURCES = [
  'electron',
  'models',
  'renderer',
  'build',
  'vite.renderer.config.ts',
  'package.json',
  'package-lock.json',
]

/** When the newest of these files or folders was changed, in milliseconds since 1970. Tests and weights do not count. */
export async function newestChange(root: string, sources: readonly string[]): Promise<number> {
  const times = await Promise.all(sources.map((source) => newestIn(join(root, source))))
  return Math.max(0, ...times)
}

/** Builds unless the last build was made from sources as new as these. @returns whether it built. */
export async function buildIfStale(
  root: string,
  sources: readonly string[],
  stampFile: string,
  build: () => Promise<void>,
): Promise<boolean> {
  // Looked at before the build, so that what changes meanwhile is built next time.
  const newest = await newestChange(root, sources)
  const built = existsSync(stampFile) ? Number(await readFile(stampFile, 'utf8')) : 0
  if (built >= newest) return false
  await build()
  await mkdir(dirname(stampFile), { recursive: true })
  await writeFile(stampFile, String(newest))
  return true
}

async function newestIn(path: string): Promise<number> {
  const found = await stat(path)
  if (!found.isDirectory()) return found.mtimeMs
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const files = entries.filter(
    (entry) => entry.isFile() && !entry.name.endsWith('.test.ts') && !entry.name.endsWith('.pt'),
  )
  const times = await Promise.all(
    files.map(async (entry) => (await stat(join(entry.parentPath, entry.name))).mtimeMs),
  )
  return Math.max(0, ...times)
}
