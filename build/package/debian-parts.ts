import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A package of Debian of which files were copied. */
export interface DebianPart {
  readonly name: string
  readonly version: string
  /** The names of the copied files. */
  readonly files: readonly string[]
  /** Debian's copyright file; null where there is none. */
  readonly copyright: string | null
}

/** What was copied, by the package that it comes from, and the files that belong to none. */
export interface DebianParts {
  readonly parts: readonly DebianPart[]
  readonly unknown: readonly string[]
}

/** A file of the system: under which name it was copied, and its real path. */
export interface CopiedFile {
  readonly name: string
  readonly path: string
}

/** Finds the Debian packages of files. On another system every file is unknown. */
export function debianParts(files: readonly CopiedFile[]): DebianParts {
  const owners = ownersOf(files.map(({ path }) => path))
  const unknown = files.filter(({ path }) => !owners.has(path)).map(({ name }) => name)
  const parts = [...new Set(owners.values())].map((owner): DebianPart => {
    const owned = files.filter(({ path }) => owners.get(path) === owner)
    const name = owner.split(':')[0] ?? owner
    const version = execFileSync('dpkg-query', ['-W', '-f=${Version}', owner], { encoding: 'utf8' })
    const paper = join('/usr/share/doc', name, 'copyright')
    const copyright = existsSync(paper) ? readFileSync(paper, 'utf8') : null
    return { name, version, files: owned.map((file) => file.name).sort(), copyright }
  })
  return { parts: parts.sort((a, b) => (a.name < b.name ? -1 : 1)), unknown: unknown.sort() }
}

/** The texts that Debian's copyright files refer to by their place, such as the GPL, by name. */
export function commonLicences(copyrights: readonly string[]): Map<string, string> {
  const names = copyrights.flatMap((text) =>
    [...text.matchAll(/\/usr\/share\/common-licenses\/([A-Za-z]+(?:-[\d.]*\d)?)/g)].map(
      ([, name]) => name ?? '',
    ),
  )
  const texts = new Map<string, string>()
  for (const name of [...new Set(names)].sort()) {
    const file = join('/usr/share/common-licenses', name)
    if (existsSync(file)) texts.set(name, readFileSync(file, 'utf8'))
  }
  return texts
}

/** The package of each path. Since /lib became a link to /usr/lib, Debian's list may know a file under either. */
function ownersOf(paths: readonly string[]): Map<string, string> {
  const asked = new Map(
    paths.flatMap(
      (path) =>
        [
          [path, path],
          [path.replace(/^\/usr/, ''), path],
        ] as const,
    ),
  )
  const owners = new Map<string, string>()
  for (const [, owner, known] of dpkgSearch([...asked.keys()]).matchAll(/^([^\s,]+).*?: (\/.*)$/gm)) {
    const path = asked.get(known ?? '')
    if (path !== undefined && owner !== undefined) owners.set(path, owner.replace(/:$/, ''))
  }
  return owners
}

/** What `dpkg -S` finds; it ends with 1 when it does not find all. */
function dpkgSearch(paths: readonly string[]): string {
  if (paths.length === 0) return ''
  try {
    return execFileSync('dpkg', ['-S', ...paths], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch (error) {
    const { stdout } = error as { stdout?: unknown }
    return typeof stdout === 'string' ? stdout : ''
  }
}
