import { access } from 'node:fs/promises'
import { basename } from 'node:path'
import { ModelNotDownloaded, NoSuchModel, weightsFile } from '../../../../models/zoo/resolve-model.ts'
import { findZooModel } from '../../../../models/zoo/zoo.ts'
import { contentOf } from '../store/stored-files.ts'
import { MODEL_NAME_LENGTH, type JobContent } from './batch-job.ts'

/** The weights of a model of the zoo on this machine. @throws NoSuchModel, ModelNotDownloaded */
export async function modelFile(name: string): Promise<string> {
  const known = findZooModel(name)
  if (known === undefined) throw new NoSuchModel(name)
  const path = weightsFile(known)
  await access(path).catch(() => {
    throw new ModelNotDownloaded(known)
  })
  return path
}

/** A job's model: how it is named, and for a checkpoint of one's own where it lies. */
export interface JobModel {
  readonly model: JobContent['model']
  readonly checkpointPath: string | null
}

/**
 * Names a model by its content.
 * @param nameOrPath a name of the zoo or the path of a checkpoint
 * @param modelsFolder where downloaded models lie; the user's own folder for them unless given
 * @throws ModelNotDownloaded; NoSuchModel where it is neither
 */
export async function jobModel(nameOrPath: string, modelsFolder?: string): Promise<JobModel> {
  const known = findZooModel(nameOrPath)
  if (known !== undefined) {
    const found = await contentOf(weightsFile(known, modelsFolder)).catch(() => {
      throw new ModelNotDownloaded(known)
    })
    return { model: { name: known.name, isOwn: false, sha256: found.sha256 }, checkpointPath: null }
  }
  const found = await contentOf(nameOrPath).catch(() => {
    throw new NoSuchModel(nameOrPath)
  })
  const plain = basename(nameOrPath)
    .replace(/[^A-Za-z0-9._+-]/g, '_')
    .slice(-MODEL_NAME_LENGTH)
  const name = /^[A-Za-z0-9]/.test(plain) ? plain : `own-${found.sha256.slice(0, 12)}`
  return { model: { name, isOwn: true, sha256: found.sha256 }, checkpointPath: nameOrPath }
}

/** Whether a text names a model of the zoo; else it is a file's path. */
export function isModelName(text: string): boolean {
  return findZooModel(text) !== undefined
}
