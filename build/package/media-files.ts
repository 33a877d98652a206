import { execFileSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { chmod, copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { UserFacingError } from '../../electron/contract/errors.ts'
import { debianParts, type CopiedFile, type DebianParts } from './debian-parts.ts'
import { findMediaTools } from '../../electron/engine/video/media-tools.ts'
import { nameOfTarget, thisTarget, type Target } from './target.ts'

/** Libraries that belong to the system's C library: a copy of them would not fit another system's loader. */
const SYSTEM_LIBRARIES = /^(ld-linux.*|lib(c|m|dl|rt|pthread|resolv|util|anl|nsl))\.so/

/** A package cannot be made because ffmpeg for its target is not here. */
export class MediaFilesMissing extends UserFacingError {
  constructor(target: Target) {
    super(
      'MediaFilesMissing',
      `ffmpeg for ${nameOfTarget(target)} is not here: give a folder with ffmpeg, ffprobe and their licence ` +
        'by --media-tools.',
    )
  }
}

/** What is worth saying of the ffmpeg that was placed. */
export interface MediaFiles {
  /** As the program says it; null where it cannot be run here. */
  readonly version: string | null
  readonly licence: string
  /** The system's libraries that were copied with it. */
  readonly libraries: DebianParts
}

/**
 * Puts ffmpeg and ffprobe for the target into `folder`, with their licence. They come from `given`, a folder of programs
 * that need no other files; else, for this machine's own system on Linux, from the installed ones with the libraries
 * that they load.
 * @throws MediaFilesMissing
 */
export async function placeMediaFiles(
  target: Target,
  given: string | null,
  folder: string,
): Promise<MediaFiles> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  if (given !== null) {
    const ending = target.system === 'win' ? '.exe' : ''
    const programs = ['ffmpeg', 'ffprobe'].map((tool) => join(given, `${tool}${ending}`))
    const licence = join(given, 'LICENCE.txt')
    if (![...programs, licence].every((path) => existsSync(path))) throw new MediaFilesMissing(target)
    await cp(given, folder, { recursive: true, dereference: true })
    for (const program of programs) await chmod(join(folder, basename(program)), 0o755)
    const isOwn = nameOfTarget(thisTarget()) === nameOfTarget(target)
    return {
      version: isOwn ? versionOf(join(folder, `ffmpeg${ending}`)) : null,
      licence: await readFile(licence, 'utf8'),
      libraries: { parts: [], unknown: [] },
    }
  }
  if (target.system !== 'linux' || nameOfTarget(thisTarget()) !== nameOfTarget(target)) {
    throw new MediaFilesMissing(target)
  }
  const tools = await findMediaTools()
  await mkdir(join(folder, 'bin'))
  await mkdir(join(folder, 'lib'))
  const copied = new Map<string, CopiedFile>()
  for (const [tool, path] of Object.entries(tools))
    for (const file of await placeWithLibraries(tool, realpathSync(path), folder)) copied.set(file.name, file)
  const licence = await licenceOf(tools.ffmpeg)
  await writeFile(join(folder, 'LICENCE.txt'), licence)
  return { version: versionOf(tools.ffmpeg), licence, libraries: debianParts([...copied.values()]) }
}

/** As `ffmpeg -version` begins: `ffmpeg version 5.1.6-0+deb12u1 Copyright ...`. */
function versionOf(ffmpeg: string): string | null {
  const said = execFileSync(ffmpeg, ['-version'], { encoding: 'utf8' })
  return /^ffmpeg version (\S+)/.exec(said)?.[1] ?? null
}

/**
 * The program below bin, what it loads below lib, and a start script, since the program itself would look elsewhere.
 * @returns the libraries
 */
async function placeWithLibraries(tool: string, program: string, folder: string): Promise<CopiedFile[]> {
  await copyFile(program, join(folder, 'bin', tool))
  const listing = execFileSync('ldd', [program], { encoding: 'utf8' })
  const copied: CopiedFile[] = []
  for (const [, name, path] of listing.matchAll(/^\s*(\S+) => (\/\S+)/gm)) {
    if (name === undefined || path === undefined || SYSTEM_LIBRARIES.test(name)) continue
    await copyFile(realpathSync(path), join(folder, 'lib', name))
    copied.push({ name, path: realpathSync(path) })
  }
  const start =
    '#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")\n' +
    `LD_LIBRARY_PATH="$here/lib" exec "$here/bin/${tool}" "$@"\n`
  await writeFile(join(folder, tool), start, { mode: 0o755 })
  return copied
}

/** What Debian keeps about the package's licences; elsewhere what the program says of itself. */
async function licenceOf(ffmpeg: string): Promise<string> {
  const kept = '/usr/share/doc/ffmpeg/copyright'
  const own = execFileSync(ffmpeg, ['-hide_banner', '-L'], { encoding: 'utf8' })
  return existsSync(kept) && dirname(ffmpeg) === '/usr/bin' ? `${own}\n${await readFile(kept, 'utf8')}` : own
}
