import { UserFacingError } from '../../../contract/errors.ts'

/**
 * Where batch work puts what it makes: named values that are written once. Every writer of a name writes the same
 * content, so whoever comes second changes nothing.
 */
export interface ResultStore {
  /** For people; without credentials. */
  readonly address: string
  /** The value of a name, or null. */
  get(key: string): Promise<Uint8Array | null>
  has(key: string): Promise<boolean>
  /** Writes a name unless it is there. @returns whether this call wrote it */
  put(key: string, bytes: Uint8Array): Promise<boolean>
  /** As `put`, from a file of any length. */
  putFile(key: string, path: string): Promise<boolean>
  /** Copies a value into a file, which is whole when this returns. @returns false where the name is not there */
  getFile(key: string, path: string): Promise<boolean>
  /** All names below this one, sorted; files of others are passed over. */
  list(prefix: string): Promise<string[]>
  /** Harmless where the name is not there. */
  delete(key: string): Promise<void>
}

/** The store cannot be read or written now. The work is not at fault: it is tried again later. */
export class StoreUnavailable extends UserFacingError {
  constructor(address: string, cause: unknown) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    super('store-unavailable', `The store ${address} cannot be used at the moment (${reason}).`, { cause })
  }
}

/** A name that would leave the store, or that no store takes. */
export class StoreNameRefused extends UserFacingError {
  constructor() {
    super('store-name-refused', 'A name asked of the store is not one that it can hold.')
  }
}

/** Folders of lower-case names; nothing that climbs, hides or means something to a file system. */
const keyPattern = /^[a-z0-9][a-z0-9_-]*(\/[a-z0-9][a-z0-9_-]*){0,3}$/

/** Whether a file of a store can be one of ours: programs leave others there (`.DS_Store`). */
export function isKey(name: string): boolean {
  return name.length <= 200 && keyPattern.test(name)
}

/** @throws StoreNameRefused unless the name is made of plain parts */
export function checkedKey(key: string): string {
  if (!isKey(key)) throw new StoreNameRefused()
  return key
}

/** Runs one access to a store. @throws StoreUnavailable with the fault as its cause */
export async function reaching<Value>(address: string, access: () => Promise<Value>): Promise<Value> {
  try {
    return await access()
  } catch (cause) {
    throw cause instanceof UserFacingError ? cause : new StoreUnavailable(address, cause)
  }
}
