import './engine/no-telemetry.ts'
import { carryUsage, parseCarryArguments } from './cli/carry-arguments.ts'
import { carry } from './cli/carry-command.ts'
import { devicesUsage, listDevices } from './cli/devices-command.ts'
import { batchUsage, parseBatchArguments } from './cli/batch-arguments.ts'
import { batch } from './cli/batch-command.ts'
import { demo } from './cli/demo-command.ts'
import { exportUsage, parseExportArguments } from './cli/export-arguments.ts'
import { exportDataset } from './cli/export-command.ts'
import { formatsUsage, listFormats } from './cli/formats-command.ts'
import { importUsage, parseImportArguments } from './cli/import-arguments.ts'
import { importDataset } from './cli/import-command.ts'
import { modelsUsage, parseModelsArguments } from './cli/models-arguments.ts'
import { models } from './cli/models-command.ts'
import { parseTrackArguments, trackUsage } from './cli/track-arguments.ts'
import { track, type CommandOutput } from './cli/track-command.ts'
import { UsageError } from './cli/usage-error.ts'
import { parseWorkerArguments, work, workerUsage } from './cli/worker-command.ts'
import { removeUnfinishedOutputs } from './engine/export/unfinished-outputs.ts'
import { failureSentence } from './engine/failure-sentence.ts'
import { killAllChildren } from './engine/processes/child-processes.ts'

const help = `Maskwright segments and tracks objects in video with SAM 2.

  maskwright track VIDEO --object NAME --point FRAME:X,Y --out FOLDER
  maskwright carry FILE.maskwright --to VIDEO...
  maskwright batch JOBS.yaml       track many videos, on this machine or through a queue
  maskwright worker --queue redis://HOST --store DIR|s3://BUCKET
  maskwright import FORMAT PATH --project FILE.maskwright
  maskwright export FILE.maskwright --format FORMAT --out FOLDER
  maskwright formats               what import and export know, and what each keeps and loses
  maskwright devices               what the model can run on here, and how fast
  maskwright models                list, download, verify and remove models
  maskwright demo                  track the sample clip
  maskwright help [COMMAND]
`

/** How each command is used. */
const usages: ReadonlyMap<string | undefined, string> = new Map([
  ['track', trackUsage],
  ['carry', carryUsage],
  ['batch', batchUsage],
  ['worker', workerUsage],
  ['import', importUsage],
  ['export', exportUsage],
  ['formats', formatsUsage],
  ['devices', devicesUsage],
  ['models', modelsUsage],
])

/** Runs one command; the exit code is 0, 1 for a failure, 2 for a command that was not understood, 130 for Ctrl-C. */
async function main(args: readonly string[], output: CommandOutput): Promise<number> {
  const [command, ...rest] = args
  const usage = usages.get(command)
  if (usage !== undefined && rest.includes('--help')) return say(usage)
  switch (command) {
    case 'track':
      return track(parseTrackArguments(rest), output)
    case 'carry':
      return carry(parseCarryArguments(rest), output)
    case 'batch':
      return batch(parseBatchArguments(rest), output)
    case 'worker':
      return work(parseWorkerArguments(rest), output)
    case 'import':
      return importDataset(parseImportArguments(rest), output)
    case 'export':
      return exportDataset(parseExportArguments(rest), output)
    case 'formats':
      return listFormats(rest, output)
    case 'devices':
      return listDevices(rest, output)
    case 'models':
      return models(parseModelsArguments(rest), output)
    case 'demo':
      return demo(output)
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      return say(usages.get(rest[0]) ?? help)
    default:
      throw new UsageError(`There is no command "${command}"; "maskwright help" lists them.`)
  }
}

function say(text: string): number {
  console.log(text)
  return 0
}

/** Ends by the signal itself, with nothing half-written left: an orderly exit would wait for, or break, a running graph. */
function leaveBy(signal: NodeJS.Signals): void {
  killAllChildren()
  removeUnfinishedOutputs()
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}

const controller = new AbortController()
process.on('SIGINT', () => {
  if (controller.signal.aborted) return leaveBy('SIGINT')
  controller.abort()
  console.error('\nStopping; what is done is kept. Press Ctrl-C again to leave at once.')
})

for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => leaveBy(signal))

try {
  process.exitCode = await main(process.argv.slice(2), {
    say: (line) => console.log(line),
    stop: controller.signal,
  })
} catch (error) {
  // What Ctrl-C broke off, such as the opening of a file, has been announced already.
  if (controller.signal.aborted && error === controller.signal.reason) process.exit(130)
  const sentence = failureSentence(error)
  if (sentence === null) throw error
  console.error(sentence)
  if (error instanceof UsageError)
    console.error(`Try "maskwright help${usages.has(process.argv[2]) ? ` ${process.argv[2]}` : ''}".`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
