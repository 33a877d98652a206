import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Device } from '../runtime/session.ts'
import { findingSchema, type Finding } from './finding.ts'

export interface ProbeProcessOptions {
  /** A probe that takes longer hangs. */
  readonly patienceMs?: number
  /** The script that probes, `device-probe` by default. */
  readonly script?: string
}

const usualPatienceMs = 180_000

/**
 * Probes a device in a process of its own. A process that crashes, hangs or says nothing is a no with its reason, so
 * that this never throws.
 */
export async function probeInProcess(device: Device, options: ProbeProcessOptions = {}): Promise<Finding> {
  const { patienceMs = usualPatienceMs, script = probeScript() } = options
  // A packed studio's program cannot run as Node, but its engine has a process to itself.
  if (process.versions['electron'] !== undefined) return probeInThread(device, script, patienceMs)
  const failed = (reason: string): Finding => ({ device, works: false, reason })
  const child = spawn(process.execPath, [...loaderArguments(script), script, device], {
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  let hangs = false
  const patience = setTimeout(() => {
    hangs = true
    child.kill('SIGKILL')
  }, patienceMs)
  const said: string[] = []
  const complained: string[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => said.push(text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => complained.push(text))
  const end = await new Promise<string>((resolve) => {
    child.on('error', (error) => {
      resolve(error.message)
    })
    child.on('close', (code, signal) => {
      resolve(signal ?? `code ${String(code)}`)
    })
  })
  clearTimeout(patience)
  const finding = lastFinding(said.join(''))
  if (finding !== null) return finding
  if (hangs) return failed(hangReason(patienceMs))
  const lastWords = complained.join('').trim().split('\n').at(-1)?.trim() ?? ''
  return failed(
    `Its driver ended the process (${end})${lastWords === '' ? '' : `: ${lastWords.slice(0, 200)}`}.`,
  )
}

/** As `probeInProcess`, but a crash takes this process along; whoever asks puts down beforehand that it tries. */
function probeInThread(device: Device, script: string, patienceMs: number): Promise<Finding> {
  const worker = new Worker(script, { workerData: device })
  return new Promise<Finding>((resolve) => {
    const failed = (reason: string): void => {
      resolve({ device, works: false, reason })
    }
    const patience = setTimeout(() => {
      failed(hangReason(patienceMs))
    }, patienceMs)
    worker.once('message', (message: unknown) => {
      resolve(findingSchema.parse(message))
    })
    worker.once('error', (error) => {
      failed(error.message.slice(0, 300))
    })
    worker.once('exit', () => {
      clearTimeout(patience)
      failed('It ended without an answer.')
    })
  }).finally(() => worker.terminate())
}

function hangReason(patienceMs: number): string {
  return `It did not answer within ${String(Math.round(patienceMs / 1000))} s.`
}

function lastFinding(text: string): Finding | null {
  const line = text.trim().split('\n').at(-1) ?? ''
  try {
    return findingSchema.parse(JSON.parse(line))
  } catch {
    return null
  }
}

/** The script as source, or in the built app, where it lies with the threads' scripts beside the archive. */
function probeScript(moduleUrl: string = import.meta.url): string {
  if (moduleUrl.endsWith('.ts')) return fileURLToPath(new URL('./device-probe.ts', moduleUrl))
  const built = new URL('../threads/device-probe.js', moduleUrl.replace('/app.asar/', '/app.asar.unpacked/'))
  return fileURLToPath(built)
}

function loaderArguments(script: string): string[] {
  if (!script.endsWith('.ts')) return []
  return ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href]
}
