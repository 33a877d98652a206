import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { openCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.ts'
import { ModelError } from '../errors.ts'
import type { ModelConfiguration } from '../sam2/configuration.ts'
import { inferConfiguration } from '../sam2/infer-configuration.ts'
import { modelFolder } from './data-folder.ts'
import { findZooModel, zoo, type ZooModel } from './zoo.ts'

/** A model that is ready to be compiled. */
export interface ResolvedModel {
  /** The zoo's name, or the file's for a checkpoint of the user's own. */
  readonly name: string
  readonly checkpoint: Checkpoint
  readonly configuration: ModelConfiguration
}

/** The text names neither a model of the zoo nor a file. */
export class NoSuchModel extends ModelError {
  constructor(nameOrPath: string) {
    const names = zoo.map((model) => model.name).join(', ')
    super('no-such-model', `There is no model and no file named "${nameOrPath}". Models: ${names}.`)
  }
}

/** The model is known but its weights are not on this machine. */
export class ModelNotDownloaded extends ModelError {
  readonly model: ZooModel

  constructor(model: ZooModel) {
    const megabytes = Math.round(model.weights.bytes / 1e6)
    super(
      'model-not-downloaded',
      `The model ${model.name} (${megabytes} MB) is not on this machine yet; download it first.`,
    )
    this.model = model
  }
}

/**
 * Opens a model by the zoo's name or by the path of a checkpoint (`.pt` or `.safetensors`, fine-tuned ones too).
 * @throws NoSuchModel, ModelNotDownloaded, and what `openCheckpoint` and `inferConfiguration` throw.
 */
export async function resolveModel(
  nameOrPath: string,
  folder: string = modelFolder(),
): Promise<ResolvedModel> {
  const model = findZooModel(nameOrPath)
  if (model) {
    const checkpoint = await openCheckpoint(await installedFile(model, folder))
    return { name: model.name, checkpoint, configuration: model.configuration }
  }
  if (!existsSync(nameOrPath)) throw new NoSuchModel(nameOrPath)
  const checkpoint = await openCheckpoint(nameOrPath)
  return { name: basename(nameOrPath), checkpoint, configuration: inferConfiguration(checkpoint) }
}

/** Where a model's weights lie in the folder of models, or with the app. They may not be there yet. */
export function weightsFile(model: ZooModel, folder: string = modelFolder()): string {
  return model.weights.kind === 'bundled' ? model.weights.file : join(folder, model.weights.fileName)
}

/** A download gets its final name only after its hash was checked, so that the length is enough here. */
async function installedFile(model: ZooModel, folder: string): Promise<string> {
  const file = weightsFile(model, folder)
  if (model.weights.kind === 'bundled') return file
  const found = await stat(file).catch(() => undefined)
  if (found?.size !== model.weights.bytes) throw new ModelNotDownloaded(model)
  return file
}
