import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * The folder of this user for what the app fetches: `MASKWRIGHT_DATA`, else where the platform keeps such data.
 * It need not exist yet.
 */
export function dataFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const chosen = environment['MASKWRIGHT_DATA']
  if (chosen) return chosen
  switch (platform) {
    case 'win32':
      return join(environment['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local'), 'Maskwright')
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Maskwright')
    default:
      return join(environment['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'maskwright')
  }
}

/** Where downloaded checkpoints lie. */
export function modelFolder(): string {
  return join(dataFolder(), 'models')
}
