import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { probeInProcess } from '../../../electron/engine/devices/probe-in-process.ts'
import type { Device } from '../../../models/runtime/session.ts'
import { supportedDevices } from '../../../models/runtime/supported-devices.ts'
import type { Subject } from '../subjects.ts'
import { stageLineSchema, type StageLine } from './stage-line.ts'

/** One model on one device. */
export interface DeviceRow {
  readonly device: Device
  readonly model: string
  /** Stages that ended in time, in their order. */
  readonly stages: readonly StageLine[]
  /** Why there are no more; null where there are all. */
  readonly ended: string | null
}

export interface MeasuredDevices {
  readonly rows: readonly DeviceRow[]
  /** Devices of this installation that do not work here, and why. */
  readonly refused: readonly { readonly device: Device; readonly reason: string }[]
}

const script = fileURLToPath(new URL('./time-stages.ts', import.meta.url))

/** Stage times of every model on every device that works here; what takes longer than `limitMs` a model is cut off. */
export async function measureDevices(
  subjects: readonly Subject[],
  limitMs: number,
): Promise<MeasuredDevices> {
  const rows: DeviceRow[] = []
  const refused: { device: Device; reason: string }[] = []
  for (const device of supportedDevices()) {
    const finding = await probeInProcess(device)
    if (!finding.works) refused.push({ device, reason: finding.reason })
    else for (const { name } of subjects) rows.push(await measureModel(device, name, limitMs))
  }
  return { rows, refused }
}

async function measureModel(device: Device, model: string, limitMs: number): Promise<DeviceRow> {
  const child = spawn(process.execPath, ['build/run.mjs', script, device, model], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let isLate = false
  const limit = setTimeout(() => {
    isLate = true
    child.kill('SIGKILL')
  }, limitMs)
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
  const closed = new Promise((resolve) => child.on('close', resolve))
  const stages: StageLine[] = []
  for await (const line of createInterface({ input: child.stdout }))
    stages.push(stageLineSchema.parse(JSON.parse(line)))
  await closed
  clearTimeout(limit)
  const seconds = Math.round(limitMs / 1000)
  const lastWords = complaint.trim().split('\n').at(-1)
  const ended = isLate ? `not done after ${seconds} s` : lastWords ? lastWords.slice(0, 200) : null
  return { device, model, stages, ended }
}
