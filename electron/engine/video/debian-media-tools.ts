import { access, constants } from 'node:fs/promises'
import { UserFacingError } from '../../contract/errors.ts'
import { runChild } from '../processes/child-processes.ts'

const aptGet = '/usr/bin/apt-get'

/** The distribution's package could not be installed. */
export class MediaToolsInstallFailed extends UserFacingError {
  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super('media-tools-install-failed', `Debian's ffmpeg package could not be installed: ${reason}`, {
      cause,
    })
  }
}

/** True on a Debian system (or kin) where this process may install packages. */
export async function canInstallMediaTools(): Promise<boolean> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  return access(aptGet, constants.X_OK).then(
    () => true,
    () => false,
  )
}

/**
 * Installs Debian's ffmpeg package, which holds ffmpeg and ffprobe, and says so on standard error.
 * @throws MediaToolsInstallFailed
 */
export async function installMediaTools(): Promise<void> {
  process.stderr.write('Installing the Debian package ffmpeg with apt-get (a minute or two)…\n')
  const environment = ['DEBIAN_FRONTEND=noninteractive', aptGet]
  const install = [...environment, 'install', '--yes', '--no-install-recommends', 'ffmpeg']
  try {
    // Package lists of a fresh machine are empty or old; a failing update may still leave usable ones.
    await runChild('/usr/bin/env', [...environment, 'update']).catch(() => undefined)
    await runChild('/usr/bin/env', install)
  } catch (error) {
    throw new MediaToolsInstallFailed(error)
  }
  process.stderr.write('Installed ffmpeg.\n')
}
