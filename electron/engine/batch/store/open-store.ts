import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { UserFacingError } from '../../../contract/errors.ts'
import { openFolderStore } from './folder-store.ts'
import { StoreUnavailable, type ResultStore } from './result-store.ts'

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
  // It tells of the Node versions of its future on every start; ours are fixed by the lock file.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
  // Read when it is needed: the SDK is large, and most work goes into a folder.
  const { openS3Store } = await import('./s3-store.ts')
  return openS3Store(bucket!, folder === undefined ? '' : `${folder}/`)
}

/**
 * Tries all that work asks of a store: to write a name once, to refuse it the second time, to read and to delete it.
 * Without that, work would wait for a store that never takes it.
 * @throws StoreUnavailable
 */
export async function probeStore(store: ResultStore): Promise<void> {
  const key = `probes/${randomUUID()}`
  const bytes = Buffer.from('Maskwright tries whether it can write here.\n')
  if (!(await store.put(key, bytes))) throw new StoreUnavailable(store.address, 'a new name was refused')
  try {
    if (await store.put(key, bytes)) throw new StoreUnavailable(store.address, 'it writes over what is there')
    const found = await store.get(key)
    if (found === null || !bytes.equals(found))
      throw new StoreUnavailable(store.address, 'what was written does not come back')
  } finally {
    await store.delete(key)
  }
}
