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

/** The target that this machine is. @throws Error on a system or processor that no package is made for */
export function thisTarget(
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): Target {
  const system = (Object.keys(NODE_PLATFORMS) as Target['system'][]).find(
    (name) => NODE_PLATFORMS[name] === platform,
  )
  if (system === undefined || (arch !== 'x64' && arch !== 'arm64')) {
    throw new Error(`No package is made for ${platform} on ${arch}.`)
  }
  return { system, arch }
}

/** What was asked for, this machine's own where nothing was. @throws Error on words that name no target */
export function targetOf(system: string | undefined, arch: string | undefined): Target {
  const asked = { system: system ?? thisTarget().system, arch: arch ?? thisTarget().arch }
  if (!(asked.system in NODE_PLATFORMS) || (asked.arch !== 'x64' && asked.arch !== 'arm64')) {
    throw new Error(`No package is made for ${asked.system} on ${asked.arch}.`)
  }
  return asked as Target
}

export function nameOfTarget({ system, arch }: Target): string {
  return `${system}-${arch}`
}
