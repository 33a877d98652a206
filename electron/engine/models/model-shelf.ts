import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import {
  downloadModel,
  listStoredModels,
  ModelNotRemoved,
  removeModel,
  verifyModel,
  type DownloadOptions,
} from '../../../models/zoo/model-store.ts'
import { DownloadCancelled } from '../../../models/zoo/download-errors.ts'
import { sha256OfFile } from '../../../models/zoo/file-hash.ts'
import { resolveModel, weightsFile } from '../../../models/zoo/resolve-model.ts'
import { findZooModel, zoo, type ZooModel } from '../../../models/zoo/zoo.ts'
import type { EventPayload } from '../../contract/events.ts'
import type { ModelEntry } from '../../contract/model-catalogue.ts'
import { failureSentence } from '../failure-sentence.ts'
import { InvalidEditError } from '../project/project-errors.ts'

type Progress = EventPayload<'download.progress'>

export interface ModelShelfOptions extends Pick<DownloadOptions, 'mirrors' | 'patience'> {
  /** Where downloaded and added models lie now. */
  folder(): string
  usedModelId(): string
  /** The models that are known by name; the zoo's by default. */
  readonly catalogue?: readonly ZooModel[]
  onProgress(progress: Progress): void
}

/** Sides of the model's picture that are worth offering; any multiple of 32 works. */
const inputSizesPx = [256, 384, 512, 640, 768, 1_024]
/** Folder of the person's own checkpoints within the folder of models. */
const ownFolder = 'own'

/** The models that can be had: built in, downloadable, and the person's own. */
export class ModelShelf {
  readonly #options: ModelShelfOptions
  readonly #downloads = new Map<string, { stop: AbortController; progress: Progress }>()
  readonly #parameterCounts = new Map<string, number>()

  constructor(options: ModelShelfOptions) {
    this.#options = options
  }

  /** What the model layer calls a model: its name, or the path of a checkpoint of the person's own. */
  nameOrPath(modelId: string): string {
    if (!modelId.startsWith('file-')) return modelId
    return join(this.#options.folder(), ownFolder, modelId.slice('file-'.length))
  }

  /** The path of a model's checkpoint, which need not be there yet. */
  fileOf(modelId: string): string {
    const model = this.#find(modelId)
    return model === undefined ? this.nameOrPath(modelId) : weightsFile(model, this.#options.folder())
  }

  /** The id of the model that goes by this name, short name or published name. */
  idOf(name: string): string | undefined {
    return this.#find(name)?.name
  }

  async list(): Promise<ModelEntry[]> {
    const used = this.#options.usedModelId()
    const stored = await listStoredModels(this.#options.folder(), this.#options.catalogue)
    const known = stored.map(({ model, state, diskBytes }): ModelEntry => {
      const download = this.#downloads.get(model.name)
      return {
        id: model.name,
        name: model.title,
        family: familyOf(model),
        state:
          download !== undefined
            ? 'downloading'
            : state === 'bundled'
              ? 'bundled'
              : state === 'downloaded'
                ? 'ready'
                : 'available',
        inUse: used === model.name || used === model.alias,
        parameterCount: model.parameters,
        sizeBytes: model.weights.bytes,
        storedBytes: diskBytes,
        licence: model.licence,
        source: model.weights.kind === 'bundled' ? null : new URL(model.weights.urls[0]!).host,
        inputSizesPx,
      }
    })
    return [...known, ...(await this.#listOwn(used))]
  }

  /** Begins a download; how it goes is told by progress. Does nothing while one runs. @throws InvalidEditError */
  download(modelId: string): void {
    const model = this.#find(modelId)
    if (model === undefined) throw new InvalidEditError('There is no such model to download.')
    if (this.#downloads.has(model.name)) return
    const stop = new AbortController()
    const progress = startOf(model)
    this.#downloads.set(model.name, { stop, progress })
    this.#options.onProgress(progress)
    void this.#fetch(model, stop.signal)
  }

  cancelDownload(modelId: string): void {
    this.#downloads.get(modelId)?.stop.abort()
  }

  /** @throws InvalidEditError for a built-in model or one that does not exist; NotAModelFile, ModelNotRemoved */
  async remove(modelId: string): Promise<void> {
    this.cancelDownload(modelId)
    if (modelId.startsWith('file-')) {
      const path = this.nameOrPath(modelId)
      return rm(path, { force: true }).catch((cause: unknown) => {
        throw new ModelNotRemoved(path, cause)
      })
    }
    const model = this.#find(modelId)
    if (model === undefined || model.weights.kind === 'bundled')
      throw new InvalidEditError('This model is part of Maskwright and stays.')
    await removeModel(model, this.#options.folder())
  }

  /** Reads a model's file anew and holds its SHA-256 against the published one; nothing is known of a person's own. */
  async verify(
    modelId: string,
    options: { onBytes?: (doneBytes: number) => void; signal?: AbortSignal } = {},
  ): Promise<'right' | 'wrong' | 'absent' | 'unpublished'> {
    const model = this.#find(modelId)
    return model === undefined ? 'unpublished' : verifyModel(model, this.#options.folder(), options)
  }

  /**
   * Takes a copy of a checkpoint of the person's own. Answers its id.
   * @throws UnknownModel and its kin when it holds no model that is known here
   */
  async addFile(path: string): Promise<string> {
    await resolveModel(path, this.#options.folder())
    const folder = join(this.#options.folder(), ownFolder)
    await mkdir(folder, { recursive: true })
    const scratch = join(folder, `.${randomUUID()}.part`)
    try {
      await copyFile(path, scratch)
      const name = await freeName(folder, path, scratch)
      await rename(scratch, join(folder, name))
      return `file-${name}`
    } finally {
      await rm(scratch, { force: true })
    }
  }

  /** @throws ModelNotDownloaded, NoSuchModel and what opening a checkpoint throws */
  async require(modelId: string): Promise<void> {
    await resolveModel(this.nameOrPath(modelId), this.#options.folder())
  }

  /** Stops all downloads. */
  close(): void {
    for (const { stop } of this.#downloads.values()) stop.abort()
  }

  #find(modelId: string): ZooModel | undefined {
    return findZooModel(modelId, this.#options.catalogue ?? zoo)
  }

  async #fetch(model: ZooModel, signal: AbortSignal): Promise<void> {
    const modelId = model.name
    let startedAt = performance.now()
    let startedWith: number | null = null
    const tell = (change: Partial<Progress>): void => {
      const known = this.#downloads.get(modelId)
      if (known === undefined) return
      const progress = { ...known.progress, ...change }
      this.#downloads.set(modelId, { ...known, progress })
      this.#options.onProgress(progress)
    }
    try {
      const { mirrors, patience } = this.#options
      await downloadModel(model, {
        folder: this.#options.folder(),
        ...(mirrors === undefined ? {} : { mirrors }),
        ...(patience === undefined ? {} : { patience }),
        signal,
        onProgress: ({ phase, doneBytes, totalBytes }) => {
          // It began anew: what came before says nothing of how fast it goes.
          if (startedWith === null || doneBytes < startedWith) {
            startedWith = doneBytes
            startedAt = performance.now()
          }
          const seconds = (performance.now() - startedAt) / 1_000
          const bytesPerSecond = seconds > 0.5 ? (doneBytes - startedWith) / seconds : null
          const isDownloading = phase === 'downloading' && bytesPerSecond !== null && bytesPerSecond > 0
          tell({
            state: phase,
            receivedBytes: phase === 'downloading' ? doneBytes : totalBytes,
            totalBytes,
            bytesPerSecond: isDownloading ? bytesPerSecond : null,
            secondsLeft: isDownloading ? (totalBytes - doneBytes) / bytesPerSecond : null,
          })
        },
      })
      this.#end(modelId, { state: 'finished', receivedBytes: model.weights.bytes })
    } catch (error) {
      if (error instanceof DownloadCancelled || signal.aborted) this.#end(modelId, { state: 'cancelled' })
      else {
        const failure = failureSentence(error) ?? 'The download stopped because of an error.'
        this.#end(modelId, { state: 'failed', failure: failure.slice(0, 4_096) })
      }
    }
  }

  #end(modelId: string, change: Partial<Progress>): void {
    const known = this.#downloads.get(modelId)
    this.#downloads.delete(modelId)
    if (known === undefined) return
    this.#options.onProgress({ ...known.progress, bytesPerSecond: null, secondsLeft: null, ...change })
  }

  async #listOwn(used: string): Promise<ModelEntry[]> {
    const folder = join(this.#options.folder(), ownFolder)
    const names = await readdir(folder).catch(() => [])
    const entries: ModelEntry[] = []
    for (const name of names.filter((candidate) => !candidate.startsWith('.')).sort()) {
      const path = join(folder, name)
      const sizeBytes = (await stat(path).catch(() => null))?.size ?? 0
      const parameterCount = await this.#countParameters(path)
      entries.push({
        id: `file-${name}`,
        name,
        family: 'Own',
        state: parameterCount === null ? 'damaged' : 'ready',
        inUse: used === `file-${name}`,
        parameterCount: parameterCount ?? 0,
        sizeBytes,
        storedBytes: sizeBytes,
        licence: 'your own',
        source: null,
        inputSizesPx,
      })
    }
    return entries
  }

  /** null for a file that is no checkpoint any more. */
  async #countParameters(path: string): Promise<number | null> {
    const known = this.#parameterCounts.get(path)
    if (known !== undefined) return known
    try {
      const { checkpoint } = await resolveModel(path, this.#options.folder())
      let count = 0
      for (const { shape } of checkpoint.tensors.values()) count += shape.reduce((a, b) => a * b, 1)
      this.#parameterCounts.set(path, count)
      return count
    } catch {
      return null
    }
  }
}

/** A plain name for a copy of the checkpoint: that of a copy with the same content, or one that no other has. */
async function freeName(folder: string, path: string, copy: string): Promise<string> {
  const plain = (text: string): string => text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^\.+/, '')
  const extension = plain(extname(path).toLowerCase().slice(1)).slice(0, 16)
  const stem = plain(basename(path, extname(path))).slice(0, 80)
  for (let count = 1; ; count++) {
    const numbered = count === 1 ? stem || 'model' : `${stem || 'model'}-${String(count)}`
    const name = extension === '' ? numbered : `${numbered}.${extension}`
    const place = join(folder, name)
    if ((await stat(place).catch(() => null)) === null) return name
    const taken = await sha256OfFile(place).catch(() => null)
    if (taken === (await sha256OfFile(copy))) return name
  }
}

function familyOf({ name }: ZooModel): string {
  if (name.startsWith('sam2.1-')) return 'SAM 2.1'
  if (name === 'edgetam') return 'EdgeTAM'
  return name.startsWith('sam2-') ? 'SAM 2' : 'Maskwright'
}

function startOf({ name, weights }: ZooModel): Progress {
  return {
    modelId: name,
    state: 'waiting',
    receivedBytes: 0,
    totalBytes: weights.bytes,
    bytesPerSecond: null,
    secondsLeft: null,
    failure: null,
  }
}
