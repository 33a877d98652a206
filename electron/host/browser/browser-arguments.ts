import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { UserFacingError } from '../../contract/errors.ts'

/** An argument that the browser host does not understand. */
export class UnknownArgument extends UserFacingError {
  constructor(sentence: string, cause?: unknown) {
    super('UnknownArgument', sentence, { cause })
  }
}

export interface BrowserArguments {
  /** Absolute; null opens the sample project. */
  readonly openPath: string | null
  readonly hostname: string
  /** 0 takes a free one. */
  readonly port: number
  readonly open: boolean
  /** Folders that the file browser reaches besides the usual ones, absolute. */
  readonly roots: readonly string[]
  readonly help: boolean
}

export const BROWSER_USAGE = `Usage: npm start -- [options] [file or folder]

Opens a project, video or folder of images in the browser; without one, the sample project. "Add video…" reaches the
folder of what is opened, the home folder, the current one and where volumes are mounted.

  --no-open      print the address and leave the browser alone
  --port N       listen on this port instead of a free one
  --host NAME    listen on this interface instead of loopback: whoever has the address gets in
  --root FOLDER  let the file browser look into this folder, too; can be repeated
  --help         show this text`

const portSchema = z.coerce.number().int().min(0).max(65_535)

/** @throws UnknownArgument */
export function parseBrowserArguments(
  argv: readonly string[],
  folder: string = process.cwd(),
): BrowserArguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        'no-open': { type: 'boolean', default: false },
        port: { type: 'string', default: '0' },
        host: { type: 'string', default: '127.0.0.1' },
        root: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', default: false },
      },
    })
    const [path, ...more] = positionals
    if (more.length > 0) throw new UnknownArgument('Only one file or folder can be opened at a time.')
    const port = portSchema.safeParse(values.port)
    if (!port.success) throw new UnknownArgument('--port takes a number from 0 to 65535.')
    return {
      openPath: path === undefined ? null : resolve(folder, path),
      hostname: values.host,
      port: port.data,
      open: !values['no-open'],
      roots: values.root.map((root) => resolve(folder, root)),
      help: values.help,
    }
  } catch (error) {
    if (error instanceof UserFacingError) throw error
    throw new UnknownArgument(error instanceof Error ? error.message : String(error), error)
  }
}
