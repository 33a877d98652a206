import { probeAllDevices } from '../engine/models/find-device.ts'
import { formatTable } from './text-table.ts'
import { UsageError } from './usage-error.ts'
import type { CommandOutput } from './track-command.ts'

export const devicesUsage = `maskwright devices [--json]

Tries every device that the model can run on, each in a process of its own, holds its numbers against the processor's and
remembers what came of it.`

/** Probes all devices anew and lists them. @returns the exit code, 0 */
export async function listDevices(args: readonly string[], output: CommandOutput): Promise<number> {
  const unknown = args.find((arg) => arg !== '--json')
  if (unknown !== undefined) throw new UsageError(`"${unknown}" was not expected after devices.`)
  const { fastest, findings } = await probeAllDevices(output.stop)
  if (args.includes('--json')) {
    output.say(JSON.stringify({ fastest, findings }, null, 2))
    return 0
  }
  const processor = findings.find(({ device }) => device === 'cpu')
  const rows = findings.map((finding) => rowOf(finding, processor, finding.device === fastest))
  output.say(
    formatTable([['device', 'works', 'worst error', 'ms/frame', 'times the processor', 'notes'], ...rows]),
  )
  return 0
}

type Finding = Awaited<ReturnType<typeof probeAllDevices>>['findings'][number]

function rowOf(finding: Finding, processor: Finding | undefined, isFastest: boolean): string[] {
  if (!finding.works) return [finding.device, 'no', '-', '-', '-', finding.reason]
  const { device, worstError, millisecondsPerFrame } = finding
  const times = processor?.works === true ? processor.millisecondsPerFrame / millisecondsPerFrame : null
  return [
    device,
    'yes',
    worstError.toExponential(1),
    millisecondsPerFrame.toFixed(1),
    times?.toFixed(2) ?? '-',
    isFastest ? 'in use' : '',
  ]
}
