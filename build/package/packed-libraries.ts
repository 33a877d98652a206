import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { standardLicence } from './standard-licence.ts'
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

/**
 * Every library that is bundled into the scripts, and those in the folders `beside` them, by name. One without a licence
 * file gets the standard text of its licence.
 * @throws Error when a bundled one is not installed
 */
export async function packedLibraries(root: string, beside: readonly string[]): Promise<PackedLibrary[]> {
  const bundled = await Promise.all(
    ['main-packages.json', ...THREADS.map((name) => `${name}-packages.json`), 'interface-packages.json'].map(
      async (file) => z.array(z.string()).parse(JSON.parse(await readFile(join(root, 'out', file), 'utf8'))),
    ),
  )
  const bundledFolders = [...new Set(bundled.flat())].map((name) => join(root, 'node_modules', name))
  const libraries = await Promise.all(
    [...bundledFolders, ...beside].map((folder) => readLibrary(root, folder)),
  )
  const byKey = new Map(libraries.map((library) => [`${library.name}@${library.version}`, library]))
  return [...byKey.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The folders of all packages in a folder node_modules, also of those within packages. */
export async function packagesIn(modules: string): Promise<string[]> {
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

async function readLibrary(root: string, folder: string): Promise<PackedLibrary> {
  const { name, version, license } = manifestSchema.parse(
    JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')),
  )
  const files = (await readdir(folder, { withFileTypes: true })).filter(
    (entry) => entry.isFile() && /^(licen[cs]e|copying|notice|third-?party)/i.test(entry.name),
  )
  const ownTexts = await Promise.all(files.map(({ name: file }) => readFile(join(folder, file), 'utf8')))
  const texts = ownTexts.length > 0 ? ownTexts : [await standardLicence(root, license)]
  const licenceTexts = [...texts, ...(await licensingSection(folder))]
  return { name, version, licence: license, licenceTexts }
}

/** What a README says under "Licensing": libvips names there what it is built from. */
async function licensingSection(folder: string): Promise<string[]> {
  const readme = join(folder, 'README.md')
  if (!existsSync(readme)) return []
  const section = /^## Licensing\n[^]*?(?=^## |$(?![^]))/m.exec(await readFile(readme, 'utf8'))
  return section === null ? [] : [section[0]]
}
