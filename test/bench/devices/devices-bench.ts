import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { softwareGraphics } from '../../fixtures/chromium.ts'
import type { Subject } from '../subjects.ts'
import { devicesTable } from './devices-table.ts'
import { measureDevices } from './measure-devices.ts'

export interface DevicesBenchOptions {
  /** How long the stages of one model may take on one device. */
  readonly limitMs: number
  /** Run WebGPU on the driver in software that Chromium brings. */
  readonly onSwiftShader: boolean
  readonly jsonPath: string | null
}

/** Prints the stage times of every model on every device that works here. */
export async function benchDevices(
  subjects: readonly Subject[],
  { limitMs, onSwiftShader, jsonPath }: DevicesBenchOptions,
): Promise<void> {
  if (onSwiftShader) Object.assign(process.env, softwareGraphics())
  const measured = await measureDevices(subjects, limitMs)
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores`
  const date = new Date().toISOString().slice(0, 10)
  const nameOf = (device: string): string =>
    device === 'webgpu' && onSwiftShader ? 'WebGPU on SwiftShader' : device
  console.log(`${date}, ${machine}; fp32, medians; tiny has random weights\n`)
  console.log(devicesTable(measured, nameOf))
  if (jsonPath !== null)
    writeFileSync(jsonPath, JSON.stringify({ date, machine, onSwiftShader, ...measured }, null, 2))
}
