import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'electron-vite'
import { buildIfStale, SOURCES } from './fresh-build.ts'
import { buildLicences } from './licences-build.ts'
import { buildThreads } from './threads-build.ts'

/** The folder of package.json. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Builds main process, preload script, engine process, its threads, interface and licences into `out`, unless that is as new as the sources. */
export async function buildApp(): Promise<boolean> {
  return buildIfStale(ROOT, SOURCES, join(ROOT, 'out', 'built-from'), async () => {
    console.log('Building Maskwright ...')
    await build({
      root: ROOT,
      configFile: join(ROOT, 'build', 'electron.vite.config.ts'),
      logLevel: 'warn',
    })
    await buildThreads()
    await buildLicences(ROOT)
  })
}
