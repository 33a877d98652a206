import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { devices, type Device } from '../runtime/session.ts'
import { supportedDevices } from '../runtime/supported-devices.ts'
import { dataFolder } from '../zoo/data-folder.ts'
import { findingSchema, type Finding } from './finding.ts'
import { hasGraphicsDevice, machineFacts } from './machine-facts.ts'
import { probeInProcess } from './probe-in-process.ts'

const memorySchema = z.object({ facts: z.string(), findings: z.array(findingSchema).max(devices.length) })

export interface DeviceMemoryOptions {
  readonly folder?: string
  /** What findings depend on; they are forgotten when it changes. */
  readonly facts?: string
  readonly candidates?: readonly Device[]
  readonly probe?: (device: Device) => Promise<Finding>
}

/** What was found out about this machine's devices, kept in the data folder while runtime and drivers stay the same. */
export class DeviceMemory {
  readonly #file: string
  readonly #facts: string
  readonly #candidates: readonly Device[]
  readonly #probe: (device: Device) => Promise<Finding>
  readonly #findings = new Map<Device, Finding>()
  #probing: Promise<readonly Finding[]> | null = null

  constructor(options: DeviceMemoryOptions = {}) {
    this.#file = join(options.folder ?? dataFolder(), 'devices.json')
    this.#facts = options.facts ?? machineFacts()
    this.#candidates = options.candidates ?? supportedDevices()
    this.#probe = options.probe ?? probeOnThisMachine
    for (const finding of readFindings(this.#file, this.#facts)) this.#findings.set(finding.device, finding)
  }

  /** Findings of all devices of this installation; undefined for those that were not probed yet. */
  list(): { readonly device: Device; readonly finding: Finding | undefined }[] {
    return this.#candidates.map((device) => ({ device, finding: this.#findings.get(device) }))
  }

  /** Whether `fastest` has all to go by. */
  get isComplete(): boolean {
    return this.#missing().length === 0
  }

  /** The fastest device that works, as far as is known; the processor before anything is. */
  get fastest(): Device {
    let best: { device: Device; milliseconds: number } | null = null
    for (const finding of this.#findings.values()) {
      if (!finding.works || !this.#candidates.includes(finding.device)) continue
      if (best === null || finding.millisecondsPerFrame < best.milliseconds)
        best = { device: finding.device, milliseconds: finding.millisecondsPerFrame }
    }
    return best?.device ?? 'cpu'
  }

  /**
   * Probes what is not known yet, or all of it `anew`, one after the other. The processor's speed is only of interest when
   * another device works.
   */
  probe({ anew = false } = {}): Promise<readonly Finding[]> {
    this.#probing ??= this.#probeAll(anew).finally(() => {
      this.#probing = null
    })
    return this.#probing
  }

  async #probeAll(anew: boolean): Promise<readonly Finding[]> {
    if (anew) this.#findings.clear()
    for (;;) {
      const device = this.#missing()[0] ?? (anew && !this.#findings.has('cpu') ? 'cpu' : undefined)
      if (device === undefined) break
      // Stands if the driver takes this process down while it is tried.
      if (device !== 'cpu')
        this.#note({ device, works: false, reason: 'Its driver ended the process that tried it.' })
      this.#note(await this.#probe(device))
    }
    return [...this.#findings.values()]
  }

  #missing(): Device[] {
    const others = this.#candidates.filter((device) => device !== 'cpu' && !this.#findings.has(device))
    if (others.length > 0 || this.#findings.has('cpu')) return others
    return [...this.#findings.values()].some(({ works }) => works) ? ['cpu'] : []
  }

  #note(finding: Finding): void {
    this.#findings.set(finding.device, finding)
    const scratch = `${this.#file}.${String(process.pid)}.part`
    mkdirSync(dirname(this.#file), { recursive: true })
    writeFileSync(scratch, JSON.stringify({ facts: this.#facts, findings: [...this.#findings.values()] }))
    renameSync(scratch, this.#file)
  }
}

async function probeOnThisMachine(device: Device): Promise<Finding> {
  if (device !== 'cpu' && !hasGraphicsDevice())
    return { device, works: false, reason: 'There is no graphics device that it can use.' }
  return probeInProcess(device)
}

/** A file that is of another machine state, or no such file at all, is as good as none. */
function readFindings(file: string, facts: string): readonly Finding[] {
  try {
    const memory = memorySchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    return memory.facts === facts ? memory.findings : []
  } catch {
    return []
  }
}
