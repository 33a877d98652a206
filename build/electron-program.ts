import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { hasDisplay } from '../electron/host/browser/open-address.ts'

/**
 * Electron's program, if it has been downloaded; asking the package itself would download it.
 * `ELECTRON_OVERRIDE_DIST_PATH` names another folder that holds it.
 */
export function electronProgram(
  packageFolder: string = dirname(createRequire(import.meta.url).resolve('electron/package.json')),
  environment: NodeJS.ProcessEnv = process.env,
): string | null {
  const pathFile = join(packageFolder, 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : null
  const elsewhere = environment['ELECTRON_OVERRIDE_DIST_PATH']
  const program = elsewhere
    ? join(elsewhere, name ?? 'electron')
    : name === null
      ? null
      : join(packageFolder, 'dist', name)
  return program !== null && existsSync(program) ? program : null
}

/** Why no window of Electron can be opened here; null when one can. */
export function whyNoElectron(
  program: string | null,
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  userId: number | undefined = process.getuid?.(),
): string | null {
  if (program === null) return "Electron's program is not here (npx install-electron fetches it)"
  if (!hasDisplay(environment, platform)) return 'there is no screen'
  // Chromium's sandbox does not run as root, and without it we do not run.
  if (platform === 'linux' && userId === 0) return 'Electron does not run as root'
  return null
}
