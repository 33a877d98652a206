import type { Device } from '../../../models/runtime/session.ts'
import { Sam2Model, type LoadOptions } from '../../../models/sam2/sam2-model.ts'
import { resolveModel } from '../../../models/zoo/resolve-model.ts'

export interface ModelChoice {
  /** A name of the zoo or the path of a checkpoint. */
  readonly model: string
  /** Side of the model's picture in pixels; the model's own by default. */
  readonly imageSize?: number
  readonly device?: Device
  readonly threads?: number
  readonly onRun?: LoadOptions['onRun']
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
  device,
  threads,
  onRun,
}: ModelChoice): Promise<LoadedModel> {
  const { name, checkpoint, configuration } = await resolveModel(nameOrPath)
  const sized = imageSize === undefined ? configuration : { ...configuration, imageSize }
  const model = await Sam2Model.load(checkpoint, sized, {
    ...(device ? { device } : {}),
    ...(threads ? { threads } : {}),
    ...(onRun ? { onRun } : {}),
  })
  return { name, model }
}
