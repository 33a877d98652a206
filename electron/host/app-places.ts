import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** Where the parts of the app lie, seen from a script of it, whether built or as source. */
export interface AppPlaces {
  /** Holds package.json; what ships with the app lies below it. */
  readonly appFolder: string
  readonly appVersion: string
  readonly engineEntry: string
  readonly interfaceFolder: string
  readonly preloadScript: string
}

const packageSchema = z.object({ name: z.literal('maskwright'), version: z.string() })

/** `scriptUrl` is the `import.meta.url` of the asking script. @throws Error outside an app folder. */
export function findAppPlaces(scriptUrl: string): AppPlaces {
  const script = fileURLToPath(scriptUrl)
  let folder = dirname(script)
  for (;;) {
    const appVersion = versionIn(folder)
    if (appVersion !== null) {
      return {
        appFolder: folder,
        appVersion,
        engineEntry: script.endsWith('.ts')
          ? join(folder, 'electron', 'engine-process.ts')
          : join(folder, 'out', 'main', 'engine-process.js'),
        interfaceFolder: join(folder, 'out', 'renderer'),
        preloadScript: join(folder, 'out', 'preload', 'preload.cjs'),
      }
    }
    const parent = dirname(folder)
    if (parent === folder) throw new Error(`${script} does not lie in the app's folder.`)
    folder = parent
  }
}

function versionIn(folder: string): string | null {
  const path = join(folder, 'package.json')
  if (!existsSync(path)) return null
  const description = packageSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  return description.success ? description.data.version : null
}
