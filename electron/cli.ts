import './engine/no-telemetry.ts'
import type { CommandOutput } from './cli/track-command.ts'
import { UsageError } from './cli/usage-error.ts'
import { UserFacingError } from './contract/errors.ts'
import { collectRarely } from './engine/collect-rarely.ts'
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

interface Command {
  readonly usage: string
  run(args: readonly string[], output: CommandOutput): Promise<number>
}

/**
 * The commands with what they need, loaded only for the one that is run: all of them together are most of the heap, which
 * garbage collection goes through every few frames.
 */
const commands: ReadonlyMap<string | undefined, () => Promise<Command>> = new Map<
  string,
  () => Promise<Command>
>([
  [
    'track',
    async () => {
      const { parseTrackArguments, trackUsage } = await import('./cli/track-arguments.ts')
      const { track } = await import('./cli/track-command.ts')
      return { usage: trackUsage, run: (args, output) => track(parseTrackArguments(args), output) }
    },
  ],
  [
    'carry',
    async () => {
      const { parseCarryArguments, carryUsage } = await import('./cli/carry-arguments.ts')
      const { carry } = await import('./cli/carry-command.ts')
      return { usage: carryUsage, run: (args, output) => carry(parseCarryArguments(args), output) }
    },
  ],
  [
    'batch',
    async () => {
      const { parseBatchArguments, batchUsage } = await import('./cli/batch-arguments.ts')
      const { batch } = await import('./cli/batch-command.ts')
      return { usage: batchUsage, run: (args, output) => batch(parseBatchArguments(args), output) }
    },
  ],
  [
    'worker',
    async () => {
      const { parseWorkerArguments, work, workerUsage } = await import('./cli/worker-command.ts')
      return { usage: workerUsage, run: (args, output) => work(parseWorkerArguments(args), output) }
    },
  ],
  [
    'import',
    async () => {
      const { parseImportArguments, importUsage } = await import('./cli/import-arguments.ts')
      const { importDataset } = await import('./cli/import-command.ts')
      return { usage: importUsage, run: (args, output) => importDataset(parseImportArguments(args), output) }
    },
  ],
  [
    'export',
    async () => {
      const { parseExportArguments, exportUsage } = await import('./cli/export-arguments.ts')
      const { exportDataset } = await import('./cli/export-command.ts')
      return { usage: exportUsage, run: (args, output) => exportDataset(parseExportArguments(args), output) }
    },
  ],
  [
    'formats',
    async () => {
      const { formatsUsage, listFormats } = await import('./cli/formats-command.ts')
      return { usage: formatsUsage, run: listFormats }
    },
  ],
  [
    'devices',
    async () => {
      const { devicesUsage, listDevices } = await import('./cli/devices-command.ts')
      return { usage: devicesUsage, run: listDevices }
    },
  ],
  [
    'models',
    async () => {
      const { parseModelsArguments, modelsUsage } = await import('./cli/models-arguments.ts')
      const { models } = await import('./cli/models-command.ts')
      return { usage: modelsUsage, run: (args, output) => models(parseModelsArguments(args), output) }
    },
  ],
])

/** Runs one command; the exit code is 0, 1 for a failure, 2 for a command that was not understood, 130 for Ctrl-C. */
async function main(args: readonly string[], output: CommandOutput): Promise<number> {
  const [name, ...rest] = args
  const command = await commands.get(name)?.()
  if (command) return rest.includes('--help') ? say(command.usage) : command.run(rest, output)
  switch (name) {
    case 'demo': {
      const { demo } = await import('./cli/demo-command.ts')
      return demo(output)
    }
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      return helpOn(rest[0])
    default:
      throw new UsageError(noCommand(name))
  }
}

async function helpOn(name: string | undefined): Promise<number> {
  const command = await commands.get(name)?.()
  if (command) return say(command.usage)
  if (name === undefined || name === 'demo' || name === 'help') return say(help)
  throw new UserFacingError('unknown-command', noCommand(name))
}

function noCommand(name: string): string {
  return `There is no command "${name}"; "maskwright help" lists them.`
}

/** Names from job files, queues and stores go to a terminal as text, not as its commands. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '\uFFFD')
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

collectRarely()
const controller = new AbortController()
process.on('SIGINT', () => {
  if (controller.signal.aborted) return leaveBy('SIGINT')
  controller.abort()
  console.error('\nStopping; what is done is kept. Press Ctrl-C again to leave at once.')
})

for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => leaveBy(signal))

try {
  process.exitCode = await main(process.argv.slice(2), {
    say: (line) => console.log(printable(line)),
    stop: controller.signal,
  })
} catch (error) {
  // What Ctrl-C broke off, such as the opening of a file, has been announced already.
  if (controller.signal.aborted && error === controller.signal.reason) process.exit(130)
  const sentence = failureSentence(error)
  if (sentence === null) throw error
  console.error(printable(sentence))
  if (error instanceof UsageError)
    console.error(`Try "maskwright help${commands.has(process.argv[2]) ? ` ${process.argv[2]}` : ''}".`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
