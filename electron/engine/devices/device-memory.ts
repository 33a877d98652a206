import { join } from 'node:path'
import type { Finding } from '../../../models/devices/finding.ts'
import { hasGraphicsDevice, machineFacts } from '../../../models/devices/machine-facts.ts'
import type { Device } from '../../../models/runtime/session.ts'
import { supportedDevices } from '../../../models/runtime/supported-devices.ts'
import { dataFolder } from '../../../models/zoo/data-folder.ts'
import { readFindings, writeFindings } from './findings-file.ts'
import { probeInProcess } from './probe-in-process.ts'
import { probeInThread } from './probe-in-thread.ts'

export interface DeviceMemoryOptions {
  readonly folder?: string
  /** What findings depend on; they are forgotten when it changes. */
  readonly facts?: string
  readonly candidates?: readonly Device[]
  readonly probe?: (device: Device, signal: AbortSignal | undefined) => Promise<Finding>
  /** Whether a driver that crashes takes this process along; where the probe runs in a thread by default. */
  readonly endangersProcess?: boolean
}

/** A packed studio's program cannot run as Node, but its engine has a process to itself. */
const probesInThread = process.versions['electron'] !== undefined

/** What was found out about this machine's devices, kept in the data folder while runtime and drivers stay the same. */
export class DeviceMemory {
  readonly #file: string
  readonly #facts: string
  readonly #candidates: readonly Device[]
  readonly #probe: NonNullable<DeviceMemoryOptions['probe']>
  readonly #endangersProcess: boolean
  readonly #findings = new Map<Device, Finding>()
  #probing: Promise<readonly Finding[]> | null = null

  constructor(options: DeviceMemoryOptions = {}) {
    this.#file = join(options.folder ?? dataFolder(), 'devices.json')
    this.#facts = options.facts ?? machineFacts()
    this.#candidates = options.candidates ?? supportedDevices()
    this.#probe = options.probe ?? probeOnThisMachine
    this.#endangersProcess = options.endangersProcess ?? probesInThread
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
   * @throws the signal's reason, and ProbeStopped: nothing is kept of a probe that was broken off
   */
  probe({ anew = false, signal }: { anew?: boolean; signal?: AbortSignal } = {}): Promise<
    readonly Finding[]
  > {
    this.#probing ??= this.#probeAll(anew, signal).finally(() => {
      this.#probing = null
    })
    return this.#probing
  }

  async #probeAll(anew: boolean, signal: AbortSignal | undefined): Promise<readonly Finding[]> {
    if (anew) this.#findings.clear()
    for (;;) {
      const device = this.#missing()[0] ?? (anew && !this.#findings.has('cpu') ? 'cpu' : undefined)
      if (device === undefined) break
      signal?.throwIfAborted()
      if (device !== 'cpu' && this.#endangersProcess) this.#keep(device)
      try {
        this.#findings.set(device, await this.#probe(device, signal))
      } finally {
        this.#keep()
      }
    }
    return [...this.#findings.values()]
  }

  #missing(): Device[] {
    const others = this.#candidates.filter((device) => device !== 'cpu' && !this.#findings.has(device))
    if (others.length > 0 || this.#findings.has('cpu')) return others
    return [...this.#findings.values()].some(({ works }) => works) ? ['cpu'] : []
  }

  /** @param trying what this process will have ended on if it is gone when the file is read */
  #keep(trying?: Device): void {
    writeFindings(this.#file, {
      facts: this.#facts,
      findings: [...this.#findings.values()],
      ...(trying === undefined ? {} : { trying: { device: trying, processId: process.pid } }),
    })
  }
}

async function probeOnThisMachine(device: Device, signal: AbortSignal | undefined): Promise<Finding> {
  if (device !== 'cpu' && !hasGraphicsDevice())
    return { device, works: false, reason: 'There is no graphics device that it can use.' }
  return probesInThread ? probeInThread(device, { signal }) : probeInProcess(device, { signal })
}
