import { Sam2Model, type LoadOptions } from '../../../models/sam2/sam2-model.ts'
import { resolveModel } from '../../../models/zoo/resolve-model.ts'

export interface ModelChoice extends LoadOptions {
  /** A name of the zoo or the path of a checkpoint. */
  readonly model: string
  /** Side of the model's picture in pixels; the model's own by default. */
  readonly imageSize?: number
}

export interface LoadedModel {
  readonly name: string
  readonly model: Sam2Model
}

/**
 * Loads a model by name or path.
 * @throws what `resolveModel` and `Sam2Model.load` throw: the model is unknown, not downloaded or not whole
 */
export async function loadModel({
  model: nameOrPath,
  imageSize,
  ...options
}: ModelChoice): Promise<LoadedModel> {
  const { name, checkpoint, configuration } = await resolveModel(nameOrPath)
  const sized = imageSize === undefined ? configuration : { ...configuration, imageSize }
  return { name, model: await Sam2Model.load(checkpoint, sized, options) }
}
