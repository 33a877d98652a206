import { join, relative } from 'node:path'
import { Arch, Platform, type CliOptions, type Configuration } from 'electron-builder'
import { hasFuses } from './electron-files.ts'
import { nameOfTarget, type Target } from './target.ts'

const PLATFORMS = { linux: Platform.LINUX, mac: Platform.MAC, win: Platform.WINDOWS } as const

/** What `npm run package` was asked for, and what it laid out. */
export interface Packing {
  readonly target: Target
  /** Only the unpacked app, no installers. */
  readonly unpackedOnly: boolean
  /** Uploads what was packed to this repository's releases. */
  readonly publish: boolean
  /** Where newer versions lie, if not in this repository's releases. */
  readonly updatesUrl: string | null
  /** `folder` is null for the Electron that electron-builder fetches by itself. */
  readonly electron: { readonly version: string; readonly folder: string | null }
  /** Leaves a Windows program's icon and signature alone. */
  readonly unedited: boolean
  /** Holds `app`, `ffmpeg` and `papers`. */
  readonly stage: string
}

/**
 * What electron-builder is told beside electron-builder.yml, which it reads by itself: what depends on the run, for the
 * one processor of the target.
 */
export function builderOptions(root: string, packing: Packing): CliOptions {
  const { target, electron, stage } = packing
  return {
    projectDir: root,
    targets: PLATFORMS[target.system].createTarget(packing.unpackedOnly ? 'dir' : null, Arch[target.arch]),
    publish: packing.publish ? 'always' : 'never',
    config: {
      directories: {
        app: relative(root, join(stage, 'app')),
        output: join('dist', nameOfTarget(target)),
      },
      publish: publishPlace(packing),
      electronVersion: electron.version,
      ...(electron.folder === null ? {} : { electronDist: electron.folder }),
      ...(hasFuses(electron.version) ? {} : { electronFuses: null }),
      ...(packing.unedited ? { win: { signAndEditExecutable: false } } : {}),
      extraResources: [
        { from: join(root, 'models', 'zoo', 'nano'), to: 'models/zoo/nano' },
        { from: join(root, 'test', 'fixtures', 'sample'), to: 'sample' },
        { from: join(stage, 'ffmpeg'), to: 'ffmpeg' },
        { from: join(stage, 'papers'), to: '.' },
      ],
    },
  }
}

/** Where newer versions are looked for: this repository's releases, or an address of one's own. Nowhere by default. */
function publishPlace({
  publish,
  updatesUrl,
  target,
}: Packing): NonNullable<Configuration['publish']> | null {
  const channel = updateChannel(target)
  if (updatesUrl !== null) return { provider: 'generic', url: updatesUrl, channel }
  return publish ? { provider: 'github', channel } : null
}

/**
 * The name of the list of newer versions, without the ending that electron-builder adds for the system. It adds none for the
 * processor on Windows, where both would write `latest.yml`.
 */
function updateChannel({ system, arch }: Target): string {
  return system === 'win' && arch !== 'x64' ? `latest-${arch}` : 'latest'
}
