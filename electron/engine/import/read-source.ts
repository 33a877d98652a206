import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, extname, isAbsolute, join, posix, relative, resolve } from 'node:path'
import { z } from 'zod'
import { ImportDamaged, ImportPathOutside, ImportSourceMissing, ImportTooLarge } from './import-errors.ts'

/** A text beyond this does not fit into one string. */
const mostTextBytes = 512 * 1_048_576 - 32
const mostPictureBytes = 256 * 1_048_576

/** What lies at a path. @throws ImportSourceMissing */
export async function kindOfPath(path: string): Promise<'file' | 'folder'> {
  const found = await stat(path).catch((error: unknown) => {
    throw new ImportSourceMissing(path, error)
  })
  return found.isDirectory() ? 'folder' : 'file'
}

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}

const naturalOrder = new Intl.Collator('en', { numeric: true })

/** Names of the files in a folder with an ending (`.png`), in natural order, hidden ones left out. */
export async function filesIn(folder: string, ending: string): Promise<string[]> {
  return (await entriesOf(folder))
    .filter((entry) => !entry.isDirectory() && extname(entry.name).toLowerCase() === ending)
    .map(({ name }) => name)
    .sort(naturalOrder.compare)
}

/** Names of the folders in a folder, in natural order, hidden ones left out. */
export async function foldersIn(folder: string): Promise<string[]> {
  const names: string[] = []
  for (const entry of await entriesOf(folder)) {
    const leadsOn = entry.isSymbolicLink() && (await isFolder(join(folder, entry.name)))
    if (entry.isDirectory() || leadsOn) names.push(entry.name)
  }
  return names.sort(naturalOrder.compare)
}

async function entriesOf(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new ImportSourceMissing(folder, error)
  })
  return entries.filter(({ name }) => !name.startsWith('.'))
}

/** @throws ImportSourceMissing, ImportTooLarge */
export async function readText(path: string): Promise<string> {
  return (await readBytes(path, mostTextBytes)).toString('utf8')
}

/** A picture's file. @throws ImportSourceMissing, ImportTooLarge */
export async function readPicture(path: string): Promise<Buffer> {
  return readBytes(path, mostPictureBytes)
}

/** @throws ImportSourceMissing, ImportTooLarge, ImportDamaged that says where the content is not as it should be */
export async function readJson<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  return checked(path, schema, parseJson(path, await readText(path)))
}

/** @throws ImportDamaged */
export function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ImportDamaged(path, 'it is no JSON, or it was cut off', cause)
  }
}

/** @throws ImportDamaged that names the first place that does not fit */
export function checked<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const where = issue!.path.map(String).join('.').slice(0, 200)
  const what = `${where === '' ? 'it' : where} is not as it should be (${issue!.message})`
  throw new ImportDamaged(path, what, result.error)
}

/**
 * A path that a data set names, resolved within its folder. Both kinds of slashes separate.
 * @throws ImportPathOutside for absolute paths and such as climb out of the folder
 */
export function pathWithin(folder: string, named: string, base: string = folder): string {
  const slashed = named.replaceAll('\\', posix.sep)
  if (isAbsolute(slashed) || /^[a-z]:/i.test(slashed) || slashed.includes('\u0000'))
    throw new ImportPathOutside(named)
  const path = resolve(base, slashed)
  const within = relative(folder, path)
  if (
    within === '..' ||
    within.startsWith(`..${posix.sep}`) ||
    within.startsWith('..\\') ||
    isAbsolute(within)
  )
    throw new ImportPathOutside(named)
  return path
}

/** A file name without folder and ending. */
export function stemOf(path: string): string {
  const name = basename(path.replaceAll('\\', posix.sep))
  return name.slice(0, name.length - extname(name).length)
}

async function readBytes(path: string, most: number): Promise<Buffer> {
  const found = await stat(path).catch((error: unknown) => {
    throw new ImportSourceMissing(path, error)
  })
  // A device or a pipe may never end.
  if (!found.isFile()) throw new ImportSourceMissing(path)
  const { size } = found
  if (size > most) throw new ImportTooLarge(`${basename(path)} has ${size} bytes`)
  return readFile(path).catch((error: unknown) => {
    throw new ImportSourceMissing(path, error)
  })
}
