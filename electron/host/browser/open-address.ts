import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Whether a browser that this machine opens would be seen by anyone. */
export function hasDisplay(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (environment['SSH_CONNECTION']) return false
  if (platform === 'win32' || platform === 'darwin') return true
  return Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY'])
}

/**
 * Opens an address in the person's browser. It goes through a page in a folder of theirs that leads on to it, because the
 * arguments of a program, and with them the token, can be read by everyone on the machine.
 * @returns takes the page away.
 */
export function openAddress(address: string, dataFolder: string): () => void {
  const folder = join(dataFolder, 'run')
  const page = join(folder, `open-${String(process.pid)}.html`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(
    page,
    `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=${address}"><title>Maskwright</title>\n`,
    { mode: 0o600 },
  )
  openWithSystem(page)
  return () => {
    rmSync(page, { force: true })
  }
}

/** Hands a file or folder to the program that the system opens it with. A system without one does nothing. */
export function openWithSystem(path: string): void {
  const [program, ...leading] = openingProgram()
  const child = spawn(program, [...leading, path], { stdio: 'ignore', detached: true, windowsHide: true })
  child.on('error', () => {})
  child.unref()
}

function openingProgram(): [string, ...string[]] {
  switch (process.platform) {
    case 'win32':
      return ['explorer.exe']
    case 'darwin':
      return ['open']
    default:
      return ['xdg-open']
  }
}
