import { fileURLToPath } from 'node:url'

export interface ProbeOptions {
  /** A probe that takes longer hangs. */
  readonly patienceMs?: number
  /** The script that probes, `device-probe` by default. */
  readonly script?: string
  /** Breaks the probe off. */
  readonly signal?: AbortSignal | undefined
}

export const usualPatienceMs = 180_000

export function hangReason(patienceMs: number): string {
  return `It did not answer within ${String(Math.round(patienceMs / 1000))} s.`
}

/** The script as source, or in the built app, where it lies with the threads' scripts beside the archive. */
export function probeScript(moduleUrl: string = import.meta.url): string {
  if (moduleUrl.endsWith('.ts'))
    return fileURLToPath(new URL('../../../models/devices/device-probe.ts', moduleUrl))
  const built = new URL('../threads/device-probe.js', moduleUrl.replace('/app.asar/', '/app.asar.unpacked/'))
  return fileURLToPath(built)
}
