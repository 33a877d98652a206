import { resolve } from 'node:path'
import { UserFacingError } from '../../../contract/errors.ts'
import { openFolderStore } from './folder-store.ts'
import type { ResultStore } from './result-store.ts'

/** An address that is neither a folder nor `s3://BUCKET[/FOLDER]`. */
export class UnknownStore extends UserFacingError {
  constructor() {
    super(
      'unknown-store',
      'A store is a folder or s3://BUCKET, with a folder of the bucket behind it if you like.',
    )
  }
}

/**
 * Opens the store at an address: a folder's path, or `s3://BUCKET[/FOLDER]`.
 * @throws UnknownStore, StoreUnavailable
 */
export async function openStore(address: string): Promise<ResultStore> {
  if (!/^[a-z0-9]{2,}:\/\//i.test(address)) return openFolderStore(resolve(address))
  const match =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*))?\/?$/.exec(address)
  if (match === null) throw new UnknownStore()
  const [, bucket, folder] = match
  // Read when it is needed: the SDK is large, and most work goes into a folder.
  const { openS3Store } = await import('./s3-store.ts')
  return openS3Store(bucket!, folder === undefined ? '' : `${folder}/`)
}
