import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { UserFacingError } from '../../contract/errors.ts'

/** A child process ended with an error, was killed, or could not be started. */
export class ChildProcessFailed extends UserFacingError {
  readonly exitCode: number | null
  readonly exitSignal: NodeJS.Signals | null
  /** The last lines the child wrote to its standard error, oldest first. */
  readonly lastErrorLines: readonly string[]

  constructor(program: string, exit: ChildExit, lastErrorLines: readonly string[]) {
    super('child-process-failed', describeExit(program, exit, lastErrorLines), { cause: exit.startError })
    this.exitCode = exit.code
    this.exitSignal = exit.signal
    this.lastErrorLines = lastErrorLines
  }
}

/** How a child ended. `startError` is set when it never ran; then code and signal are null. */
export interface ChildExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly startError?: Error
}

export interface ChildOptions {
  /** Give the child a standard input to write to; otherwise it has none. */
  readonly writable?: boolean
  /** Give the child a second output at file descriptor 3. */
  readonly sideOutput?: boolean
  /** Kills the child when it fires. */
  readonly signal?: AbortSignal | undefined
  readonly cwd?: string
}

/** A registered child process. It cannot outlive this process (see `startChild`). */
export interface Child {
  /** Undefined when the program could not be started. */
  readonly pid: number | undefined
  /** Standard input; null unless asked for. Broken pipes are not thrown here: `exit` tells of them. */
  readonly stdin: Writable | null
  readonly stdout: Readable
  /** File descriptor 3 of the child; null unless asked for. */
  readonly sideOutput: Readable | null
  /** Settles when the child has ended and its standard error is read to the end. Never rejects. */
  readonly exit: Promise<ChildExit>
  lastErrorLines(): readonly string[]
  /** Ends the child at once and drops unread output. Harmless when it has ended. */
  kill(): void
  /** Waits for the end. @throws ChildProcessFailed unless the exit code is 0; the signal's reason if it fired. */
  succeeded(): Promise<void>
}

/** A child's own child may hold its standard error open; what is there by then has been read. */
const readingGraceMs = 2_000
const keptErrorLines = 20
const keptErrorLineLength = 500

/** Kill functions of the children that run. */
const running = new Set<() => void>()
let endsWithThisProcess = false

/**
 * Starts a program without a shell and registers it: it is killed when this process exits, throws, or gets SIGINT,
 * SIGTERM or SIGHUP and nobody else handles that signal (a host that does decides itself what to finish first).
 *
 * The child leads its own process group, so Ctrl-C in a terminal reaches this process only, which may want to
 * finish what an encoder has in hand. If this process is killed with SIGKILL nothing here can run; then a child that
 * writes to us ends at its next write (broken pipe), and one that reads from us sees the end of its input.
 */
export function startChild(program: string, args: readonly string[], options: ChildOptions = {}): Child {
  options.signal?.throwIfAborted()
  endChildrenWithThisProcess()
  const child = spawn(program, args, {
    stdio: [
      options.writable ? 'pipe' : 'ignore',
      'pipe',
      'pipe',
      ...(options.sideOutput ? (['pipe'] as const) : []),
    ],
    detached: process.platform !== 'win32',
    windowsHide: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  })
  const stdout = child.stdout as Readable
  const stderr = child.stderr as Readable
  const sideOutput = (child.stdio[3] ?? null) as Readable | null
  const errorLines = keepLastLines(stderr)
  // A dead child shows as EPIPE or ECONNRESET here; whoever reads learns the reason from `exit`.
  for (const stream of [child.stdin, stdout, stderr, sideOutput]) stream?.on('error', () => {})

  const kill = (): void => {
    child.kill('SIGKILL')
    stdout.destroy()
    sideOutput?.destroy()
  }
  running.add(kill)
  options.signal?.addEventListener('abort', kill, { once: true })

  const exit = new Promise<ChildExit>((resolve) => {
    const settle = (result: ChildExit): void => {
      running.delete(kill)
      options.signal?.removeEventListener('abort', kill)
      if (stderr.closed) return resolve(result)
      const grace = setTimeout(() => stderr.destroy(), readingGraceMs)
      stderr.once('close', () => {
        clearTimeout(grace)
        resolve(result)
      })
    }
    child.once('exit', (code, signal) => settle({ code, signal }))
    child.once('error', (startError) => {
      if (child.pid === undefined) settle({ code: null, signal: null, startError })
    })
  })

  return {
    pid: child.pid,
    stdin: child.stdin,
    stdout,
    sideOutput,
    exit,
    lastErrorLines: errorLines,
    kill,
    async succeeded() {
      const result = await exit
      options.signal?.throwIfAborted()
      if (result.code !== 0) throw new ChildProcessFailed(program, result, errorLines())
    },
  }
}

/**
 * Runs a program to its end and answers what it wrote to standard output.
 * @throws ChildProcessFailed unless the exit code is 0; the signal's reason if it fired.
 */
export async function runChild(
  program: string,
  args: readonly string[],
  options: Omit<ChildOptions, 'writable' | 'sideOutput'> = {},
): Promise<Buffer> {
  const child = startChild(program, args, options)
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  const read = new Promise<void>((resolve) => child.stdout.once('close', resolve))
  await child.succeeded()
  await read
  return Buffer.concat(chunks)
}

/** Kills every child that still runs. Called by itself when this process ends. */
export function killAllChildren(): void {
  for (const kill of running) kill()
}

/** How many registered children run. */
export function runningChildCount(): number {
  return running.size
}

function endChildrenWithThisProcess(): void {
  if (endsWithThisProcess) return
  endsWithThisProcess = true
  process.on('exit', killAllChildren)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const handler = (): void => {
      if (process.listenerCount(signal) > 1) return
      killAllChildren()
      // Having a listener cancelled the default; take it away and let the signal do what it does.
      process.off(signal, handler)
      process.kill(process.pid, signal)
    }
    process.on(signal, handler)
  }
}

function keepLastLines(stream: Readable): () => readonly string[] {
  let lines: string[] = []
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const pieces = (rest + text).split(/[\r\n]+/)
    rest = (pieces.pop() ?? '').slice(-keptErrorLineLength)
    const whole = pieces
      .filter((line) => line.trim() !== '')
      .map((line) => line.slice(0, keptErrorLineLength))
    lines = [...lines, ...whole].slice(-keptErrorLines)
  })
  return () => (rest.trim() === '' ? lines : [...lines, rest].slice(-keptErrorLines))
}

function describeExit(program: string, exit: ChildExit, lastErrorLines: readonly string[]): string {
  const name = basename(program)
  if (exit.startError !== undefined) return `${name} could not be started: ${exit.startError.message}.`
  const end = exit.signal === null ? `ended with exit code ${exit.code}` : `was stopped by ${exit.signal}`
  const said = lastErrorLines.slice(-3).join(' / ')
  return said === '' ? `${name} ${end}.` : `${name} ${end}: ${said}`
}
