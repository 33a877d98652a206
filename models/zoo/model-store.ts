import { rm, stat } from 'node:fs/promises'
import { modelFolder } from './data-folder.ts'
import { ModelError } from '../errors.ts'
import { isDiskError } from './download-errors.ts'
import { download, type DownloadRequest } from './download.ts'
import { sha256OfFile } from './file-hash.ts'
import { PartialFile } from './partial-file.ts'
import { weightsFile } from './resolve-model.ts'
import { zoo, type ZooModel } from './zoo.ts'

/** What of a model is on this machine. */
export interface StoredModel {
  readonly model: ZooModel
  /** `partial`: a download stopped, and goes on from there. */
  readonly state: 'bundled' | 'downloaded' | 'partial' | 'absent'
  /** What it takes on disk, parts of stopped downloads included. */
  readonly diskBytes: number
}

export type DownloadOptions = Pick<DownloadRequest, 'signal' | 'onProgress' | 'patience'> & {
  readonly folder?: string
  /** Base addresses to try before the published ones, as `MASKWRIGHT_MIRROR` names one: a file is at BASE/FILE. */
  readonly mirrors?: readonly string[]
}

/**
 * Fetches a model's weights unless they are here and right.
 * @returns the path of the checkpoint
 * @throws what `download` throws
 */
export async function downloadModel(model: ZooModel, options: DownloadOptions = {}): Promise<string> {
  const { folder = modelFolder(), mirrors = mirrorsOf(process.env), ...rest } = options
  const file = weightsFile(model, folder)
  const { weights } = model
  if (weights.kind === 'downloadable') {
    const urls = [
      ...mirrors.map((base) => `${base.replace(/\/+$/, '')}/${weights.fileName}`),
      ...weights.urls,
    ]
    await download({ ...rest, urls, file, bytes: weights.bytes, sha256: weights.sha256 })
  }
  return file
}

class NoMirror extends ModelError {
  constructor() {
    super('no-mirror', 'MASKWRIGHT_MIRROR is set, but is no http or https address.')
  }
}

function mirrorsOf(environment: NodeJS.ProcessEnv): string[] {
  const mirror = environment['MASKWRIGHT_MIRROR']
  if (!mirror) return []
  if (!/^https?:$/.test(URL.parse(mirror)?.protocol ?? '')) throw new NoMirror()
  return [mirror]
}

/** Something that is no file stands under a model's name; it is nobody's to read or remove. */
export class NotAModelFile extends ModelError {
  constructor(path: string) {
    super('not-a-model-file', `${path} is no file.`)
  }
}

/** The file system does not let a model's file go. */
export class ModelNotRemoved extends ModelError {
  constructor(path: string, cause: unknown) {
    const reason = isDiskError(cause) ? (cause.code ?? cause.message) : String(cause)
    super('model-not-removed', `${path} cannot be removed (${reason}).`, { cause })
  }
}

/** Its length; null where there is nothing. @throws NotAModelFile */
async function lengthOf(path: string): Promise<number | null> {
  const found = await stat(path).catch(() => null)
  if (found === null) return null
  if (!found.isFile()) throw new NotAModelFile(path)
  return found.size
}

/** Removes a model's weights and what a stopped download left. Built-in models stay. @throws NotAModelFile, ModelNotRemoved */
export async function removeModel(model: ZooModel, folder: string = modelFolder()): Promise<void> {
  if (model.weights.kind === 'bundled') return
  const file = weightsFile(model, folder)
  await lengthOf(file)
  const partial = new PartialFile(file)
  // The model goes last: what cannot be removed leaves it as it is.
  await partial.discard().catch((cause: unknown) => {
    throw new ModelNotRemoved(partial.path, cause)
  })
  await rm(file, { force: true }).catch((cause: unknown) => {
    throw new ModelNotRemoved(file, cause)
  })
}

/** What of each model is on this machine, in the order of the models. */
export async function listStoredModels(
  folder: string = modelFolder(),
  models: readonly ZooModel[] = zoo,
): Promise<StoredModel[]> {
  return Promise.all(models.map((model) => storedModel(model, folder)))
}

/** Reads a model's weights anew. @returns whether they are the published ones; `absent` where there is nothing @throws NotAModelFile */
export async function verifyModel(
  model: ZooModel,
  folder: string = modelFolder(),
  options: Parameters<typeof sha256OfFile>[1] = {},
): Promise<'right' | 'wrong' | 'absent'> {
  const file = weightsFile(model, folder)
  if ((await lengthOf(file)) === null) return 'absent'
  return (await sha256OfFile(file, options)) === model.weights.sha256 ? 'right' : 'wrong'
}

async function storedModel(model: ZooModel, folder: string): Promise<StoredModel> {
  const file = weightsFile(model, folder)
  const fileBytes = (await stat(file).catch(() => undefined))?.size ?? 0
  if (model.weights.kind === 'bundled') return { model, state: 'bundled', diskBytes: fileBytes }
  const partialBytes = await new PartialFile(file).sizeBytes()
  const complete = fileBytes === model.weights.bytes
  return {
    model,
    state: complete ? 'downloaded' : partialBytes > 0 ? 'partial' : 'absent',
    diskBytes: fileBytes + partialBytes,
  }
}
