import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { THREADS } from '../threads-build.ts'

/** A library that is in the package, bundled into the scripts or beside them. */
export interface PackedLibrary {
  readonly name: string
  readonly version: string
  /** As it names itself, an SPDX expression as a rule. */
  readonly licence: string
  readonly licenceTexts: readonly string[]
}

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z
    .union([z.string(), z.object({ type: z.string() }).transform(({ type }) => type)])
    .default('see its text'),
})

/** Every library in the package of `appFolder`, by name. @throws Error when a bundled one is not installed */
export async function packedLibraries(root: string, appFolder: string): Promise<PackedLibrary[]> {
  const bundled = await Promise.all(
    ['main-packages.json', ...THREADS.map((name) => `${name}-packages.json`), 'interface-packages.json'].map(
      async (file) => z.array(z.string()).parse(JSON.parse(await readFile(join(root, 'out', file), 'utf8'))),
    ),
  )
  const bundledFolders = [...new Set(bundled.flat())].map((name) => join(root, 'node_modules', name))
  const folders = [...bundledFolders, ...(await packagesIn(join(appFolder, 'node_modules')))]
  const libraries = await Promise.all(folders.map(readLibrary))
  const byKey = new Map(libraries.map((library) => [`${library.name}@${library.version}`, library]))
  return [...byKey.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function packagesIn(modules: string): Promise<string[]> {
  const folders: string[] = []
  for (const entry of await readdir(modules, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue
    const folder = join(modules, entry.name)
    if (entry.name.startsWith('@')) folders.push(...(await packagesIn(folder)))
    else if (existsSync(join(folder, 'package.json'))) folders.push(folder)
    if (existsSync(join(folder, 'node_modules')))
      folders.push(...(await packagesIn(join(folder, 'node_modules'))))
  }
  return folders
}

async function readLibrary(folder: string): Promise<PackedLibrary> {
  const { name, version, license } = manifestSchema.parse(
    JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')),
  )
  const files = (await readdir(folder, { withFileTypes: true })).filter(
    (entry) => entry.isFile() && /^(licen[cs]e|copying|notice|third-?party)/i.test(entry.name),
  )
  const licenceTexts = await Promise.all(files.map(({ name: file }) => readFile(join(folder, file), 'utf8')))
  return { name, version, licence: license, licenceTexts }
}
