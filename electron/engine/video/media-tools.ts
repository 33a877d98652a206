import { access, constants } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { UserFacingError } from '../../contract/errors.ts'
import { runChild } from '../processes/child-processes.ts'
import { canInstallMediaTools, installMediaTools } from './debian-media-tools.ts'

/** Paths of working ffmpeg and ffprobe programs. */
export interface MediaTools {
  readonly ffmpeg: string
  readonly ffprobe: string
}

/** What the user set; it comes before everything that is searched for. */
export interface MediaToolSettings {
  readonly ffmpegPath?: string | undefined
  readonly ffprobePath?: string | undefined
  /** A folder that may hold both programs: a packaged app brings them. */
  readonly bundledFolder?: string | undefined
  /** Whether Debian's package may be installed when nothing is found. Default true. */
  readonly mayInstall?: boolean
}

/** No usable ffmpeg or ffprobe on this machine, or the one that was set does not run. */
export class MediaToolsMissing extends UserFacingError {
  constructor(sentence: string, cause?: unknown) {
    super('media-tools-missing', sentence, { cause })
  }
}

type ToolName = 'ffmpeg' | 'ffprobe'

/** `-fps_mode` came with this version. */
const oldestVersion = [5, 1] as const

/** npm packages that bring a binary, and the name under which they export its path. */
const packages: Record<ToolName, readonly { name: string; key?: string }[]> = {
  ffmpeg: [{ name: 'ffmpeg-static' }, { name: 'ffmpeg-ffprobe-static', key: 'ffmpegPath' }],
  ffprobe: [
    { name: 'ffmpeg-ffprobe-static', key: 'ffprobePath' },
    { name: 'ffprobe-static', key: 'path' },
    { name: '@derhuerst/ffprobe-static' },
  ],
}

/** By settings and environment. What was found stays for the life of the process; what was not is looked for again. */
const found = new Map<string, Promise<MediaTools>>()

/**
 * Finds ffmpeg and ffprobe, each in this order: the setting, the environment (`MASKWRIGHT_FFMPEG`,
 * `MASKWRIGHT_FFPROBE`), the app's own copy, an installed npm package whose download succeeded, PATH, and as root on a
 * Debian system the distribution's package, which is then installed. Each is run once to see that it works and is 5.1
 * or newer.
 * @throws MediaToolsMissing with one sentence that says what to do.
 */
export async function findMediaTools(settings: MediaToolSettings = {}): Promise<MediaTools> {
  const { MASKWRIGHT_FFMPEG, MASKWRIGHT_FFPROBE, PATH } = process.env
  const key = JSON.stringify([settings, MASKWRIGHT_FFMPEG, MASKWRIGHT_FFPROBE, PATH])
  const known = found.get(key)
  if (known !== undefined) return known
  const looking = search(settings)
  found.set(key, looking)
  looking.catch(() => found.delete(key))
  return looking
}

async function search(settings: MediaToolSettings): Promise<MediaTools> {
  const { ffmpegPath, ffprobePath, bundledFolder } = settings
  const look = async () => ({
    ffmpeg: await findTool('ffmpeg', ffmpegPath ?? process.env['MASKWRIGHT_FFMPEG'], bundledFolder),
    ffprobe: await findTool('ffprobe', ffprobePath ?? process.env['MASKWRIGHT_FFPROBE'], bundledFolder),
  })
  let { ffmpeg, ffprobe } = await look()
  if (
    (ffmpeg === null || ffprobe === null) &&
    settings.mayInstall !== false &&
    (await canInstallMediaTools())
  ) {
    await installMediaTools()
    ;({ ffmpeg, ffprobe } = await look())
  }
  if (ffmpeg !== null && ffprobe !== null) return { ffmpeg, ffprobe }
  const missing = [ffmpeg ?? 'ffmpeg', ffprobe ?? 'ffprobe'].filter((tool) => !/[\\/]/.test(tool))
  throw new MediaToolsMissing(
    `${missing.join(' and ')} ${missing.length > 1 ? 'were' : 'was'} not found: install FFmpeg ` +
      `${oldestVersion.join('.')} or newer, or set MASKWRIGHT_FFMPEG and MASKWRIGHT_FFPROBE to the programs.`,
  )
}

async function findTool(
  tool: ToolName,
  chosen: string | undefined,
  bundledFolder: string | undefined,
): Promise<string | null> {
  if (chosen !== undefined && chosen !== '') {
    const problem = await whyUnusable(chosen)
    if (problem === null) return chosen
    throw new MediaToolsMissing(`The ${tool} that was set, ${chosen}, cannot be used: ${problem}`)
  }
  const bundled = bundledFolder === undefined ? [] : [join(bundledFolder, fileName(tool))]
  for (const candidate of [...bundled, ...fromPackages(tool), ...fromPath(tool)]) {
    if ((await whyUnusable(candidate)) === null) return candidate
  }
  return null
}

/** Null when the program runs and is new enough, else a sentence. */
async function whyUnusable(path: string): Promise<string | null> {
  try {
    await access(path, constants.X_OK)
    const banner = (await runChild(path, ['-hide_banner', '-version'])).toString('utf8')
    const version = /version n?(\d+)\.(\d+)/.exec(banner)
    // Builds from git carry a revision instead of a version; they are taken as new.
    if (version === null) return /ff(mpeg|probe) version/.test(banner) ? null : 'it is another program.'
    const [major, minor] = [Number(version[1]), Number(version[2])]
    const isOld = major < oldestVersion[0] || (major === oldestVersion[0] && minor < oldestVersion[1])
    return isOld ? `it is version ${major}.${minor}, ${oldestVersion.join('.')} or newer is needed.` : null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function fromPackages(tool: ToolName): string[] {
  const require = createRequire(import.meta.url)
  return packages[tool].flatMap(({ name, key }) => {
    try {
      const exported: unknown = require(name)
      const path: unknown = key === undefined ? exported : (exported as Record<string, unknown>)[key]
      return typeof path === 'string' ? [path] : []
    } catch {
      return [] // Not installed.
    }
  })
}

function fromPath(tool: ToolName): string[] {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, fileName(tool)))
}

function fileName(tool: ToolName): string {
  return process.platform === 'win32' ? `${tool}.exe` : tool
}
