import type { FilePurpose } from '../../contract/files.ts'
import type { FileGrant } from '../../contract/host-link.ts'
import { UnknownFile } from './engine-errors.ts'

/** Files that the host lets this engine use, by token. */
export class FileGrants {
  readonly #grants = new Map<string, FileGrant>()

  add(grant: FileGrant): void {
    this.#grants.set(grant.token, grant)
  }

  revoke(token: string): void {
    this.#grants.delete(token)
  }

  /** @throws UnknownFile unless the token was issued for one of these purposes */
  path(token: string, ...purposes: FilePurpose[]): string {
    const grant = this.#grants.get(token)
    if (grant === undefined || !purposes.includes(grant.purpose)) throw new UnknownFile()
    return grant.path
  }
}
