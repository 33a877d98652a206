import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import * as asar from '@electron/asar'
import { z } from 'zod'
import type { Target } from '../target.ts'
import { readBinaryKind } from './binary-kind.ts'

/** A file in the package, in its archive or beside it. */
export interface PackedFile {
  /** With forward slashes; a file of the archive begins with `app.asar/`. */
  readonly path: string
  readonly sizeBytes: number
  read(): Buffer
}

/** What `npm run package` made, opened for reading. */
export interface OpenedPackage {
  readonly folder: string
  readonly target: Target
  /** Electron's program under the app's name. */
  readonly program: string
  readonly resourcesFolder: string
  readonly electronVersion: string
  readonly archive: string
  readonly archiveHeader: ArchiveEntry
  readonly files: readonly PackedFile[]
  /** Links that lead nowhere or out of the package. */
  readonly strayLinks: readonly string[]
}

export interface ArchiveEntry {
  readonly files?: Readonly<Record<string, ArchiveEntry>> | undefined
  readonly link?: string | undefined
  readonly unpacked?: boolean | undefined
  readonly size?: number | undefined
  readonly integrity?: { readonly algorithm: string; readonly hash: string } | undefined
}

const archiveEntrySchema: z.ZodType<ArchiveEntry> = z.lazy(() =>
  z.object({
    files: z.record(z.string(), archiveEntrySchema).optional(),
    link: z.string().optional(),
    unpacked: z.boolean().optional(),
    size: z.number().optional(),
    integrity: z.object({ algorithm: z.string(), hash: z.string() }).optional(),
  }),
)
const billSchema = z.object({ components: z.array(z.object({ name: z.string(), version: z.string() })) })

/** The folder holds no package of the app. */
export class NoPackage extends Error {}

/** What stands in a file that a package has to have. @throws NoPackage where it cannot be read as that */
function readPart<Value>(path: string, read: () => Value): Value {
  try {
    return read()
  } catch (cause) {
    throw new NoPackage(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

/** @throws NoPackage when `folder` is not what electron-builder leaves with `--dir` */
export function openPackage(folder: string): OpenedPackage {
  if (!existsSync(folder)) throw new NoPackage(`${folder} does not exist.`)
  const bundle = readdirSync(folder).find((name) => name.endsWith('.app'))
  const resourcesFolder =
    bundle === undefined ? join(folder, 'resources') : join(folder, bundle, 'Contents', 'Resources')
  const archive = join(resourcesFolder, 'app.asar')
  if (!isFile(archive)) throw new NoPackage(`${folder} has no app.asar where a package has it.`)
  const program = findProgram(folder, bundle)
  const kind = readBinaryKind(readFileSync(program))
  if (kind === null) throw new NoPackage(`${program} is no program of Linux, macOS or Windows.`)
  const header = readPart(archive, () => archiveEntrySchema.parse(asar.getRawHeader(archive).header))
  return {
    folder,
    target: kind,
    program,
    resourcesFolder,
    electronVersion: electronVersionIn(resourcesFolder),
    archive,
    archiveHeader: header,
    files: [...filesIn(folder), ...filesOfArchive(archive, header)],
    strayLinks: strayLinksIn(folder),
  }
}

function findProgram(folder: string, bundle: string | undefined): string {
  const candidates =
    bundle === undefined
      ? [join(folder, 'maskwright'), join(folder, 'Maskwright.exe')]
      : [join(folder, bundle, 'Contents', 'MacOS', 'Maskwright')]
  const program = candidates.find(isFile)
  if (program === undefined) throw new NoPackage(`${folder} has no program of the app's name.`)
  return program
}

function electronVersionIn(resourcesFolder: string): string {
  const bill = join(resourcesFolder, 'sbom.cdx.json')
  if (!isFile(bill)) throw new NoPackage(`${bill} is missing.`)
  const { components } = readPart(bill, () => billSchema.parse(JSON.parse(readFileSync(bill, 'utf8'))))
  const electron = components.find(({ name }) => name === 'electron')
  if (electron === undefined || !/^\d+\.\d+\.\d+/.test(electron.version))
    throw new NoPackage(`${bill} does not say which Electron is inside.`)
  return electron.version
}

function filesIn(folder: string): PackedFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return {
        path: relative(folder, path).split(sep).join('/'),
        sizeBytes: statSync(path).size,
        read: () => readFileSync(path),
      }
    })
}

function strayLinksIn(folder: string): string[] {
  const root = realpathSync(folder)
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      try {
        return !realpathSync(path).startsWith(root + sep)
      } catch {
        return true
      }
    })
    .map((path) => relative(folder, path).split(sep).join('/'))
}

function filesOfArchive(archive: string, entry: ArchiveEntry, prefix = ''): PackedFile[] {
  return Object.entries(entry.files ?? {}).flatMap(([name, child]) => {
    const path = `${prefix}${name}`
    if (child.files !== undefined) return filesOfArchive(archive, child, `${path}/`)
    // What is unpacked was listed as a file beside the archive.
    if (child.unpacked === true || child.link !== undefined) return []
    return [
      {
        path: `app.asar/${path}`,
        sizeBytes: child.size ?? 0,
        read: () => asar.extractFile(archive, path.split('/').join(sep)),
      },
    ]
  })
}
