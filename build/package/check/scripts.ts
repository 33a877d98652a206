import { Script } from 'node:vm'
import { parseAst } from 'vite'
import { z } from 'zod'
import type { OpenedPackage } from './open-package.ts'

const manifestSchema = z.object({ main: z.string() })

/** Scripts of the app that are missing or no JavaScript: its entries, and every chunk and thread script beside them. */
export function brokenScripts({ files }: OpenedPackage): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const manifest = byPath.get('app.asar/package.json')
  if (manifest === undefined) return ['package.json is missing.']
  const main = mainIn(manifest.read().toString('utf8'))
  if (main === null) return ['package.json does not name a main script.']
  const needed = [
    `app.asar/${main}`,
    'app.asar/out/main/engine-process.js',
    'app.asar/out/preload/preload.cjs',
  ]
  const threads = files.filter(({ path }) => /app\.asar\.unpacked\/out\/threads\/[^/]+\.js$/.test(path))
  const own = files.filter(({ path }) => /(^|\/)app\.asar(\.unpacked)?\/out\/.*\.[cm]?js$/.test(path))
  return [
    ...needed.filter((path) => !byPath.has(path)).map((path) => `${path} is missing.`),
    ...(threads.length === 0 ? ['out/threads beside the archive is empty.'] : []),
    ...own.flatMap(({ path, read }) => {
      const why = whyNoScript(read().toString('utf8'), !path.endsWith('.cjs'))
      return why === null ? [] : [`${path} does not parse: ${why}`]
    }),
  ]
}

function mainIn(manifest: string): string | null {
  try {
    return manifestSchema.parse(JSON.parse(manifest)).main
  } catch {
    return null
  }
}

function whyNoScript(source: string, isModule: boolean): string | null {
  if (source === '') return 'it is empty'
  try {
    if (isModule) parseAst(source)
    else new Script(source)
    return null
  } catch (error) {
    return String(error)
  }
}
