import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { LICENCE_PAGE } from '../electron/host/licences.ts'
import { licencePage } from './package/licence-page.ts'
import { packedLibraries } from './package/packed-libraries.ts'
import { shippedParts } from './package/papers.ts'
import { UNBUNDLED_PACKAGES } from './unbundled-packages.ts'

const needsSchema = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
})

/** Writes the page of licences of this checkout into the built interface. A package gets one of its own, with its ffmpeg and Electron. */
export async function buildLicences(root: string): Promise<void> {
  const libraries = await packedLibraries(root, await installedWith(root, UNBUNDLED_PACKAGES))
  const own = await readFile(join(root, 'LICENSE'), 'utf8')
  await writeFile(
    join(root, 'out', 'renderer', LICENCE_PAGE),
    licencePage(own, await shippedParts(root), libraries),
  )
}

/** The folders of installed packages and of all that they need. */
async function installedWith(root: string, names: readonly string[]): Promise<string[]> {
  const folders = new Set<string>()
  const waiting = names.map((name) => join(root, 'node_modules', name))
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const manifest = join(folder, 'package.json')
    if (folders.has(folder) || !existsSync(manifest)) continue
    folders.add(folder)
    const needs = needsSchema.parse(JSON.parse(await readFile(manifest, 'utf8')))
    for (const name of Object.keys({ ...needs.dependencies, ...needs.optionalDependencies })) {
      const nested = join(folder, 'node_modules', name)
      waiting.push(existsSync(nested) ? nested : join(root, 'node_modules', name))
    }
  }
  return [...folders]
}
