import { execFile, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface CommandResult {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

/** Runs `maskwright` as a person would. */
export async function maskwright(...args: string[]): Promise<CommandResult> {
  const { child, ended } = startMaskwright(...args)
  void child
  return ended
}

/** Starts `maskwright`; the result comes when it has ended. */
export function startMaskwright(...args: string[]): { child: ChildProcess; ended: Promise<CommandResult> } {
  return startMaskwrightIn(process.cwd(), ...args)
}

/** As `startMaskwright`, in another working folder. */
export function startMaskwrightIn(folder: string, ...args: string[]): ReturnType<typeof startMaskwright> {
  return start({ cwd: folder }, args)
}

/** As `maskwright`, with further variables in its surroundings. */
export async function maskwrightWith(
  environment: NodeJS.ProcessEnv,
  ...args: string[]
): Promise<CommandResult> {
  return startMaskwrightWith(environment, ...args).ended
}

/** As `startMaskwright`, with further variables in its surroundings. */
export function startMaskwrightWith(
  environment: NodeJS.ProcessEnv,
  ...args: string[]
): ReturnType<typeof startMaskwright> {
  return start({ env: { ...process.env, ...environment } }, args)
}

function start(
  options: Pick<SpawnOptions, 'cwd' | 'env'>,
  args: readonly string[],
): ReturnType<typeof startMaskwright> {
  const child = spawn(process.execPath, [resolve('build/maskwright.mjs'), ...args], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const ended = new Promise<CommandResult>((resolve) => {
    child.on('close', (code) => resolve({ code, output, errors }))
  })
  return { child, ended }
}

/** Processes whose parent is `processId`, by command name; Linux only. */
export function childrenOf(processId: number, name: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((entry) => {
      try {
        const [, command, parent] =
          /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${entry}/stat`, 'utf8')) ?? []
        return command === name && Number(parent) === processId
      } catch {
        return false
      }
    })
    .map(Number)
}

/** A short film of a bright disc that moves over noise, with silence, made by ffmpeg. */
export async function makeClip(path: string, { frames = 12, size = '160x120' } = {}): Promise<void> {
  await run('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25`],
    ...['-f', 'lavfi', '-i', 'anullsrc=r=44100:cl=mono', '-frames:v', String(frames), '-shortest'],
    ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac', path],
  ])
}
