import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { UserFacingError } from '../contract/errors.ts'

/** The interface has not been built, or its folder is not complete. */
export class InterfaceMissing extends UserFacingError {
  constructor(cause?: unknown) {
    super('InterfaceMissing', 'The interface is not built: run `npm run build`.', { cause })
  }
}

export interface BundleFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly mediaType: string
  readonly etag: string
  /** Its name holds a digest of its content, so a copy of it is good for ever. */
  readonly isHashed: boolean
}

/** The files of the interface by URL path, `/assets/index-x.js`. */
export type InterfaceBundle = ReadonlyMap<string, BundleFile>

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

/**
 * Reads the built interface into memory. From then on a request can only pick one of these entries: there is no path
 * to a disk in it that could be climbed. Links and files of other types are left out.
 * @throws InterfaceMissing
 */
export async function readInterfaceBundle(folder: string): Promise<InterfaceBundle> {
  const bundle = new Map<string, BundleFile>()
  try {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      const mediaType = MEDIA_TYPES[extname(entry.name)]
      if (!entry.isFile() || mediaType === undefined) continue
      const bytes = new Uint8Array(await readFile(path))
      const url = `/${relative(folder, path).split(sep).join('/')}`
      bundle.set(url, {
        bytes,
        mediaType,
        etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`,
        isHashed: url.startsWith('/assets/'),
      })
    }
  } catch (error) {
    throw new InterfaceMissing(error)
  }
  const index = bundle.get('/index.html')
  if (index === undefined) throw new InterfaceMissing()
  return bundle.set('/', index)
}
