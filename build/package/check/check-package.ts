import { nameOfTarget } from '../target.ts'
import { developerFiles, foreignBinaries, machinePaths, missingParts } from './contents.ts'
import { readFuses } from './fuses.ts'
import { brokenIntegrity } from './integrity.ts'
import { openPackage } from './open-package.ts'
import { brokenScripts } from './scripts.ts'

/** What an unpacked package may weigh. Electron itself is about 250 MB, the runtime 40 to 70, ffmpeg up to 250. */
const BUDGET_BYTES = 700e6

export interface PackageReport {
  readonly lines: readonly string[]
  readonly problems: readonly string[]
}

/**
 * Looks at a package for everything that must or must not be in it. `ownFolders` are folders of this machine that no
 * script may name.
 * @throws NoPackage
 */
export async function checkPackage(folder: string, ownFolders: readonly string[]): Promise<PackageReport> {
  const opened = openPackage(folder)
  const fuses = await readFuses(opened.program, opened.electronVersion)
  const total = opened.files
    .filter(({ path }) => !path.startsWith('app.asar/'))
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
  const lines = [
    `${nameOfTarget(opened.target)}, Electron ${opened.electronVersion}, ${String(opened.files.length)} files`,
    `size ${megabytes(total)} of ${megabytes(BUDGET_BYTES)}`,
    ...(fuses.remark === null ? [] : [fuses.remark]),
  ]
  const folders = ownFolders.filter((own) => own.length > 1)
  const problems = [
    ...opened.strayLinks.map((path) => `${path} is a link that leads out of the package.`),
    ...foreignBinaries(opened),
    ...developerFiles(opened),
    ...machinePaths(opened, folders),
    ...missingParts(opened),
    ...brokenScripts(opened),
    ...fuses.problems,
    ...brokenIntegrity(opened),
    ...(total > BUDGET_BYTES
      ? [`The package weighs ${megabytes(total)}, more than ${megabytes(BUDGET_BYTES)}.`]
      : []),
  ]
  return { lines, problems }
}
