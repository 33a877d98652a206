import { UserFacingError } from '../../electron/contract/errors.ts'

/** A system and processor that a package is for, in the words of electron-builder. */
export interface Target {
  readonly system: 'linux' | 'mac' | 'win'
  readonly arch: 'x64' | 'arm64'
}

/** What Node calls the systems, which is how packages name their native parts. */
export const NODE_PLATFORMS = { linux: 'linux', mac: 'darwin', win: 'win32' } as const satisfies Record<
  Target['system'],
  NodeJS.Platform
>

/** Every target that a package can be made for. ONNX Runtime has no library for Macs with an Intel processor. */
export const TARGETS: readonly Target[] = [
  { system: 'linux', arch: 'x64' },
  { system: 'linux', arch: 'arm64' },
  { system: 'mac', arch: 'arm64' },
  { system: 'win', arch: 'x64' },
  { system: 'win', arch: 'arm64' },
]

/** A system or processor that no package is made for. */
export class NoSuchTarget extends UserFacingError {
  constructor(system: string, arch: string) {
    const why =
      system === 'mac' && arch === 'x64'
        ? ' ONNX Runtime has no library for Macs with an Intel processor.'
        : ''
    super('NoSuchTarget', `No package is made for ${system} on ${arch}.${why}`)
  }
}

/** The target that this machine is. @throws NoSuchTarget */
export function thisTarget(
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): Target {
  return targetNamed(systemOf(platform), arch)
}

/** What was asked for, this machine's own where nothing was. @throws NoSuchTarget */
export function targetOf(system: string | undefined, arch: string | undefined): Target {
  return targetNamed(system ?? systemOf(process.platform), arch ?? process.arch)
}

function systemOf(platform: NodeJS.Platform): string {
  return Object.entries(NODE_PLATFORMS).find(([, name]) => name === platform)?.[0] ?? platform
}

function targetNamed(system: string, arch: string): Target {
  const target = TARGETS.find((known) => known.system === system && known.arch === arch)
  if (target === undefined) throw new NoSuchTarget(system, arch)
  return target
}

export function nameOfTarget({ system, arch }: Target): string {
  return `${system}-${arch}`
}
