import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as asar from '@electron/asar'
import type { ArchiveEntry, OpenedPackage } from './open-package.ts'

/**
 * Whether the archive is what its hashes say, and whether the program carries the hash of its header: in Info.plist on
 * macOS, in the program on Windows. Electron on Linux does not look.
 */
export function brokenIntegrity(opened: OpenedPackage): string[] {
  const { archive, archiveHeader, files, target } = opened
  const inside = new Map(files.map((file) => [file.path, file]))
  const problems = entriesOf(archiveHeader).flatMap(({ path, entry }) => {
    if (entry.link !== undefined || entry.unpacked === true) return []
    if (entry.integrity === undefined) return [`${path} has no hash in the archive.`]
    const bytes = inside.get(`app.asar/${path}`)?.read()
    if (bytes === undefined) return [`${path} cannot be read from the archive.`]
    const hash = createHash('sha256').update(bytes).digest('hex')
    return hash === entry.integrity.hash ? [] : [`${path} is not what its hash in the archive says.`]
  })
  const headerHash = createHash('sha256').update(asar.getRawHeader(archive).headerString).digest('hex')
  if (target.system === 'linux') return problems
  const place = target.system === 'mac' ? join(dirname(opened.resourcesFolder), 'Info.plist') : opened.program
  const carries = existsSync(place) && readFileSync(place).includes(headerHash)
  return carries ? problems : [...problems, `${place} does not carry the hash of the archive.`]
}

function entriesOf(folder: ArchiveEntry, prefix = ''): { path: string; entry: ArchiveEntry }[] {
  return Object.entries(folder.files ?? {}).flatMap(([name, entry]) =>
    entry.files === undefined ? [{ path: `${prefix}${name}`, entry }] : entriesOf(entry, `${prefix}${name}/`),
  )
}
