import { once } from 'node:events'
import { createRequire } from 'node:module'
import type { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { findingOf, type Finding } from '../../../models/devices/finding.ts'
import type { Device } from '../../../models/runtime/session.ts'
import { UserFacingError } from '../../contract/errors.ts'
import { startChild, type ChildExit } from '../processes/child-processes.ts'
import { hangReason, probeScript, usualPatienceMs, type ProbeOptions } from './probe-script.ts'

/** Somebody ended the probe's process, which says nothing about the device. */
export class ProbeStopped extends UserFacingError {
  constructor(device: Device, signal: NodeJS.Signals) {
    super('probe-stopped', `The trial of the device "${device}" was stopped (${signal}).`)
  }
}

const readingGraceMs = 1_000

/** Signals by which people and systems end a process; a driver that crashes does not send them. */
const stoppingSignals: ReadonlySet<NodeJS.Signals | null> = new Set(['SIGINT', 'SIGTERM', 'SIGHUP'])

/**
 * Probes a device in a process of its own, which ends with this one. A process that crashes, hangs or says nothing is a
 * no with its reason.
 * @throws ProbeStopped; the signal's reason
 */
export async function probeInProcess(device: Device, options: ProbeOptions = {}): Promise<Finding> {
  const { patienceMs = usualPatienceMs, script = probeScript(), signal } = options
  const args = [...loaderArguments(script), script, device]
  // The process sees the end of its input when this one is killed.
  const child = startChild(process.execPath, args, { signal, writable: true })
  const decided = new AbortController()
  try {
    const found = await Promise.race([
      firstFinding(child.stdout, device),
      child.exit.then((exit) => whenRead(child.stdout, exit)),
      setTimeout(patienceMs, 'hangs' as const, { signal: decided.signal }),
    ])
    signal?.throwIfAborted()
    if (found === 'hangs') return { device, works: false, reason: hangReason(patienceMs) }
    if ('device' in found) return found
    if (stoppingSignals.has(found.signal)) throw new ProbeStopped(device, found.signal!)
    return { device, works: false, reason: endReason(found, child.lastErrorLines()) }
  } finally {
    decided.abort()
    child.kill()
  }
}

/** The first line that is a finding of this device; never settles where there is none. */
function firstFinding(output: Readable, device: Device): Promise<Finding> {
  return new Promise((resolve) => {
    let rest = ''
    output.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop()!
      for (const line of lines) {
        const finding = findingIn(line, device)
        if (finding !== null) resolve(finding)
      }
    })
  })
}

/** The end of a process once its output is read; a process of its own that a driver left behind may hold that open. */
async function whenRead(output: Readable, exit: ChildExit): Promise<ChildExit> {
  if (!output.closed) await Promise.race([once(output, 'close'), setTimeout(readingGraceMs)])
  return exit
}

function findingIn(line: string, device: Device): Finding | null {
  try {
    return findingOf(device, JSON.parse(line))
  } catch {
    return null
  }
}

function endReason({ code, signal, startError }: ChildExit, errorLines: readonly string[]): string {
  const end = startError?.message ?? signal ?? `code ${String(code)}`
  const lastWords = errorLines.at(-1)?.trim().slice(0, 200)
  return `Its driver ended the process (${end})${lastWords === undefined ? '' : `: ${lastWords}`}.`
}

function loaderArguments(script: string): string[] {
  if (!script.endsWith('.ts')) return []
  return ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href]
}
