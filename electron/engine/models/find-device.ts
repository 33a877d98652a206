import { DeviceMemory } from '../devices/device-memory.ts'
import { devices, type Device } from '../../../models/runtime/session.ts'
import type { Finding } from '../../../models/devices/finding.ts'

export type DeviceChoice = Device | 'auto'

/** What a person may name, with `auto` for the fastest that works. */
export const deviceChoices: readonly [DeviceChoice, ...DeviceChoice[]] = ['auto', ...devices]

/** The device of a choice; for `auto` what is not known yet is found out first. @throws the signal's reason */
export async function findDevice(choice: DeviceChoice, signal: AbortSignal): Promise<Device> {
  if (choice !== 'auto') return choice
  const memory = new DeviceMemory()
  await memory.probe({ signal })
  return memory.fastest
}

/** Probes every device of this installation anew. @throws the signal's reason */
export async function probeAllDevices(
  signal: AbortSignal,
): Promise<{ fastest: Device; findings: readonly Finding[] }> {
  const memory = new DeviceMemory()
  const findings = await memory.probe({ anew: true, signal })
  return {
    fastest: memory.fastest,
    findings: devices.flatMap((device) => findings.filter((found) => found.device === device)),
  }
}
