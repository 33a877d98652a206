import { join } from 'node:path'
import { UserFacingError } from '../contract/errors.ts'

/** The page of licences of a checkout, in the folder of the interface; a package has one of its own (build/package/papers.ts). */
export const LICENCE_PAGE = 'licences.html'

/** The page of licences of a package, in its resources. */
export const PACKED_LICENCE_PAGE = 'LICENCES.html'

/** The page of licences is not there, or nothing opens it. */
export class LicencesUnavailable extends UserFacingError {
  constructor(why: string) {
    super('LicencesUnavailable', `The page of licences cannot be shown: ${why}.`)
  }
}

/** Where the page of licences lies. `packedResources` is null for an app that runs from its checkout. */
export function licencePagePath(interfaceFolder: string, packedResources: string | null): string {
  return packedResources === null
    ? join(interfaceFolder, LICENCE_PAGE)
    : join(packedResources, PACKED_LICENCE_PAGE)
}
