import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
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

/** @throws NoPackage when `folder` is not what electron-builder leaves with `--dir` */
export function openPackage(folder: string): OpenedPackage {
  if (!existsSync(folder)) throw new NoPackage(`${folder} does not exist.`)
  const bundle = readdirSync(folder).find((name) => name.endsWith('.app'))
  const resourcesFolder =
    bundle === undefined ? join(folder, 'resources') : join(folder, bundle, 'Contents', 'Resources')
  const archive = join(resourcesFolder, 'app.asar')
  if (!existsSync(archive)) throw new NoPackage(`${folder} has no app.asar where a package has it.`)
  const program = findProgram(folder, bundle)
  const kind = readBinaryKind(readFileSync(program))
  if (kind === null) throw new NoPackage(`${program} is no program of Linux, macOS or Windows.`)
  const header = archiveEntrySchema.parse(asar.getRawHeader(archive).header)
  return {
    folder,
    target: kind,
    program,
    resourcesFolder,
    electronVersion: electronVersionIn(resourcesFolder),
    archive,
    archiveHeader: header,
    files: [...filesIn(folder), ...filesOfArchive(archive, header)],
  }
}

function findProgram(folder: string, bundle: string | undefined): string {
  const candidates =
    bundle === undefined
      ? [join(folder, 'maskwright'), join(folder, 'Maskwright.exe')]
      : [join(folder, bundle, 'Contents', 'MacOS', 'Maskwright')]
  const program = candidates.find((path) => existsSync(path))
  if (program === undefined) throw new NoPackage(`${folder} has no program of the app's name.`)
  return program
}

function electronVersionIn(resourcesFolder: string): string {
  const bill = join(resourcesFolder, 'sbom.cdx.json')
  if (!existsSync(bill)) throw new NoPackage(`${bill} is missing.`)
  const { components } = billSchema.parse(JSON.parse(readFileSync(bill, 'utf8')))
  const electron = components.find(({ name }) => name === 'electron')
  if (electron === undefined) throw new NoPackage(`${bill} does not say which Electron is inside.`)
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
