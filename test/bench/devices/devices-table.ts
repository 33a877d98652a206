import { trackingGraphs } from '../subjects.ts'
import type { MeasuredDevices } from './measure-devices.ts'

/** The table in Markdown; `nameOf` says what a device is called in it. */
export function devicesTable({ rows, refused }: MeasuredDevices, nameOf: (device: string) => string): string {
  const head = ['device', 'model', ...trackingGraphs.map((graph) => `${graph} ms`), 'sum ms']
  const lines = rows.map(({ device, model, stages, ended }) => {
    const milliseconds = trackingGraphs.map(
      (name) => stages.find(({ graph }) => graph === name)?.milliseconds,
    )
    const sum = milliseconds.reduce((total = NaN, one = NaN) => total + one, 0)!
    const cells = milliseconds.map((one) => one?.toFixed(1) ?? '-')
    return [nameOf(device), model, ...cells, Number.isNaN(sum) ? (ended ?? '-') : sum.toFixed(1)]
  })
  const table = [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`)
  return [...table, ...refused.map(({ device, reason }) => `\n${nameOf(device)}: ${reason}`)].join('\n')
}
