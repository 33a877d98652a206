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

type ScriptName = ThreadName | 'device-probe'

const sources: Readonly<Record<ScriptName, string>> = {
  'tracker-thread': 'electron/engine/tracking/tracker-thread.ts',
  'picture-thread': 'electron/engine/tracking/picture-thread.ts',
  'device-probe': 'models/devices/device-probe.ts',
}

export const THREADS = Object.keys(sources) as ScriptName[]

const threadsConfig = (name: ScriptName): InlineConfig => ({
  configFile: false,
  root,
  logLevel: 'warn',
  plugins: [filesInPlace(threadsFolder), listPackages(join(root, 'out', `${name}-packages.json`))],
  resolve: { alias: { 'opentype.js': createRequire(import.meta.url).resolve('opentype.js') } },
  ssr: { noExternal: true, external: [...UNBUNDLED_PACKAGES] },
  build: {
    ssr: resolve(root, sources[name]),
    outDir: threadsFolder,
    emptyOutDir: false,
    target: 'node20.19',
    minify: false,
    rollupOptions: { output: { format: 'es', entryFileNames: '[name].js' } },
  },
})

/**
 * Builds the scripts of threads and of the probe of devices, each whole in one file: a thread does not read from inside an archive, so in a package
 * they lie beside it, while all other scripts stay in the archive and are checked by its hash.
 */
export async function buildThreads(): Promise<void> {
  await rm(threadsFolder, { recursive: true, force: true })
  for (const name of THREADS) await build(threadsConfig(name))
}
