import { Script } from 'node:vm'
import { parseAst } from 'vite'
import { z } from 'zod'
import type { OpenedPackage } from './open-package.ts'

const manifestSchema = z.object({ main: z.string() })

/** Main, preload and thread scripts that are missing or no JavaScript. */
export function brokenScripts({ files }: OpenedPackage): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const manifest = byPath.get('app.asar/package.json')
  if (manifest === undefined) return ['package.json is missing.']
  const { main } = manifestSchema.parse(JSON.parse(manifest.read().toString('utf8')))
  const needed = [
    `app.asar/${main}`,
    'app.asar/out/main/engine-process.js',
    'app.asar/out/preload/preload.cjs',
  ]
  const threads = files
    .map(({ path }) => path)
    .filter((path) => /app\.asar\.unpacked\/out\/threads\/[^/]+\.js$/.test(path))
  if (threads.length === 0) return ['out/threads beside the archive is empty.']
  return [...needed, ...threads].flatMap((path) => {
    const file = byPath.get(path)
    if (file === undefined) return [`${path} is missing.`]
    const why = whyNoScript(file.read().toString('utf8'), !path.endsWith('.cjs'))
    return why === null ? [] : [`${path} does not parse: ${why}`]
  })
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
