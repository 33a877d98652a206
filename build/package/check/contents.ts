import { nameOfTarget, type Target } from '../target.ts'
import { OTHER_BINARY, readBinaryHeader } from './binary-kind.ts'
import type { OpenedPackage } from './open-package.ts'

/** What the app starts or loads. */
const MUST_BE_BINARY = /\.node$|\/ffmpeg\/(bin\/)?ff(mpeg|probe)(\.exe)?$/

/** Programs and libraries of another system or processor. Windows' own helpers of an installer are 32-bit. */
export function foreignBinaries({ files, target }: OpenedPackage): string[] {
  const paths = new Set(files.map(({ path }) => path))
  return files.flatMap(({ path, read }) => {
    if (/\.(pak|dat|bin|pt|asar|png|woff2?|mp4)$/.test(path)) return []
    const bytes = read()
    const kind = readBinaryHeader(bytes)
    if (kind === null) {
      const isFine = !MUST_BE_BINARY.test(path) || isStartScript(path, bytes, paths)
      return isFine ? [] : [`${path} is no program or library.`]
    }
    if (kind === OTHER_BINARY) return [`${path} is for a processor that no package is made for.`]
    return isFor(target, kind, path) ? [] : [`${path} is for ${nameOfTarget(kind)}.`]
  })
}

/** Whether it is the script that starts the ffmpeg below `bin` with its libraries (media-files.ts). */
function isStartScript(path: string, bytes: Buffer, paths: ReadonlySet<string>): boolean {
  return bytes.toString('latin1', 0, 10) === '#!/bin/sh\n' && paths.has(path.replace(/[^/]+$/, 'bin/$&'))
}

/** Whether a binary may lie in a package. Windows on arm64 runs x64 programs, and there is no ffmpeg of its own kind for it. */
function isFor(target: Target, kind: Target, path: string): boolean {
  if (nameOfTarget(kind) === nameOfTarget(target)) return true
  const isEmulated = nameOfTarget(target) === 'win-arm64' && nameOfTarget(kind) === 'win-x64'
  return isEmulated && /\/ffmpeg\/[^/]+$/.test(path)
}

/** Tests, source maps, TypeScript and other files that only developers need. */
export function developerFiles({ files }: OpenedPackage): string[] {
  return files
    .filter(({ path }) =>
      /\.(map|tsx?|mts|cts|vue)$|(^|\/)(tests?|__tests__|spec)\/|\.(test|spec)\.[cm]?js$/.test(path),
    )
    .map(({ path }) => `${path} is of use to developers only.`)
}

/** A folder of somebody's machine in a script, as bundlers leave them behind. */
const MACHINE_PATH =
  /(["'`(\s])((?:file:\/\/)?\/(?:home|root|Users|work|workspace|builds|github|tmp|opt|srv|mnt)\/[\w.-]+\/[^"'`\s)]*|[A-Z]:\\{1,2}(?:Users|a|work)\\[^"'`\s)]*)/g

/** Absolute paths of the machine that built the package. `ownFolders` are looked for as they are. */
export function machinePaths({ files }: OpenedPackage, ownFolders: readonly string[]): string[] {
  return files
    .filter(
      ({ path }) => /(^|\/)app\.asar(\.unpacked)?\//.test(path) && /\.([cm]?js|json|html|css)$/.test(path),
    )
    .flatMap(({ path, read }) => {
      const text = read().toString('utf8')
      const found = [
        ...ownFolders.filter((folder) => text.includes(folder.endsWith('/') ? folder : `${folder}/`)),
        ...[...text.matchAll(MACHINE_PATH)].map((match) => match[2] ?? ''),
      ]
      return [...new Set(found)].map((place) => `${path} names ${place}, a folder of one machine.`)
    })
}

const NANO_BYTES_AT_LEAST = 10_000_000

/** The built-in model, ffmpeg, the sample and the papers. */
export function missingParts({ files, resourcesFolder, folder, target }: OpenedPackage): string[] {
  const prefix = resourcesFolder.slice(folder.length + 1).replaceAll('\\', '/')
  const ending = target.system === 'win' ? '.exe' : ''
  const parts = [
    { path: 'models/zoo/nano/nano.pt', atLeastBytes: NANO_BYTES_AT_LEAST },
    { path: 'models/zoo/nano/README.md', atLeastBytes: 1 },
    { path: `ffmpeg/ffmpeg${ending}`, atLeastBytes: 1 },
    { path: `ffmpeg/ffprobe${ending}`, atLeastBytes: 1 },
    { path: 'ffmpeg/LICENCE.txt', atLeastBytes: 100 },
    { path: 'sample/bottles.mp4', atLeastBytes: 1000 },
    { path: 'LICENCES.html', atLeastBytes: 1000 },
    { path: 'sbom.cdx.json', atLeastBytes: 1000 },
  ]
  const sizes = new Map(files.map(({ path, sizeBytes }) => [path, sizeBytes]))
  return parts.flatMap(({ path, atLeastBytes }) => {
    const size = sizes.get(`${prefix}/${path}`)
    if (size === undefined) return [`${path} is missing.`]
    return size < atLeastBytes ? [`${path} is only ${String(size)} bytes long.`] : []
  })
}
