import { UserFacingError } from '../contract/errors.ts'
import type { DownloadProgress, ModelEntry } from '../contract/model-catalogue.ts'
import { ModelShelf, type ModelShelfOptions } from '../engine/models/model-shelf.ts'
import { byteAmount } from './byte-amount.ts'
import { ProgressLine } from './progress-line.ts'
import type { CommandOutput } from './track-command.ts'

class ModelDownloadFailed extends UserFacingError {
  constructor(sentence: string) {
    super('model-download-failed', sentence)
  }
}

/**
 * Fetches a model with a line that says how far it is; Ctrl-C keeps what came.
 * @returns the exit code: 0, or 130 when it was stopped
 * @throws ModelDownloadFailed that says what each address did
 */
export async function downloadModel(
  { id, state, sizeBytes }: ModelEntry,
  options: Omit<ModelShelfOptions, 'usedModelId' | 'onProgress'>,
  output: CommandOutput,
): Promise<number> {
  if (state === 'bundled') {
    output.say(`${id}: built in, there is nothing to download`)
    return 0
  }
  const line = new ProgressLine(process.stderr, undefined, unit)
  let heard: DownloadProgress['state'] = 'waiting'
  let heardBytes = 0
  let end: (progress: DownloadProgress) => void = () => undefined
  const ended = new Promise<DownloadProgress>((resolve) => (end = resolve))
  const shelf = new ModelShelf({
    ...options,
    usedModelId: () => '',
    onProgress: (progress) => {
      if (progress.state === 'downloading') {
        // Also where it began anew.
        if (heard !== 'downloading' || progress.receivedBytes < heardBytes) line.begin(progress.receivedBytes)
        heardBytes = progress.receivedBytes
        line.update(progress.receivedBytes, progress.totalBytes)
      }
      heard = progress.state
      if (['finished', 'cancelled', 'failed'].includes(heard)) end(progress)
    },
  })
  shelf.download(id)
  const cancel = (): void => shelf.cancelDownload(id)
  output.stop.addEventListener('abort', cancel)
  const last = await ended
  output.stop.removeEventListener('abort', cancel)
  line.end()
  if (last.state === 'failed') throw new ModelDownloadFailed(last.failure ?? 'The download failed.')
  if (last.state === 'finished') {
    output.say(`${id}: ${shelf.fileOf(id)}, SHA-256 right`)
    return 0
  }
  const keptBytes = (await shelf.list()).find((entry) => entry.id === id)?.storedBytes ?? 0
  output.say(
    `Stopped; ${byteAmount(keptBytes)} of ${byteAmount(sizeBytes)} are kept, and the next download goes on from there.`,
  )
  return 130
}

const unit = {
  amount: (done: number, total: number): string => `${byteAmount(done)} of ${byteAmount(total)}`,
  rate: (perSecond: number): string => `${byteAmount(perSecond)}/s`,
}
