import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserFacingError } from '../../electron/contract/errors.ts'

/** An unpacked Electron to pack around. */
export interface ElectronFiles {
  readonly folder: string
  readonly version: string
}

/** The folder holds no unpacked Electron. */
class NoElectron extends UserFacingError {
  constructor(folder: string) {
    super('NoElectron', `${folder} holds no unpacked Electron.`)
  }
}

/** Electron has had fuses since this major version. */
const FIRST_WITH_FUSES = 12

/** @throws NoElectron when the folder does not say which version it holds */
export function electronFilesIn(folder: string): ElectronFiles {
  const versionFile = join(folder, 'version')
  const version = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') : ''
  if (!/^\d+\.\d+\.\d+/.test(version)) throw new NoElectron(folder)
  return { folder, version }
}

/** Whether an Electron of this version has a fuse wire that can be set. */
export function hasFuses(version: string): boolean {
  return Number(version.split('.')[0]) >= FIRST_WITH_FUSES
}
