import { rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type InlineConfig } from 'vite'
import type { ThreadName } from '../electron/engine/tracking/thread-entry.ts'
import { filesInPlace } from './files-in-place.ts'
import { listPackages } from './list-packages.ts'
import { UNBUNDLED_PACKAGES } from './unbundled-packages.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const threadsFolder = join(root, 'out', 'threads')

export const THREADS: readonly ThreadName[] = ['tracker-thread', 'picture-thread']

const threadsConfig = (name: ThreadName): InlineConfig => ({
  configFile: false,
  root,
  logLevel: 'warn',
  plugins: [filesInPlace(threadsFolder), listPackages(join(root, 'out', `${name}-packages.json`))],
  resolve: { alias: { 'opentype.js': createRequire(import.meta.url).resolve('opentype.js') } },
  ssr: { noExternal: true, external: [...UNBUNDLED_PACKAGES] },
  build: {
    ssr: resolve(root, 'electron', 'engine', 'tracking', `${name}.ts`),
    outDir: threadsFolder,
    emptyOutDir: false,
    target: 'node20.19',
    minify: false,
    rollupOptions: { output: { format: 'es', entryFileNames: '[name].js' } },
  },
})

/**
 * Builds the scripts of threads, each whole in one file: a thread does not read from inside an archive, so in a package
 * they lie beside it, while all other scripts stay in the archive and are checked by its hash.
 */
export async function buildThreads(): Promise<void> {
  await rm(threadsFolder, { recursive: true, force: true })
  for (const name of THREADS) await build(threadsConfig(name))
}
