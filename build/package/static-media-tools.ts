import { appendFile, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UserFacingError } from '../../electron/contract/errors.ts'
import { nameOfTarget, NODE_PLATFORMS, type Target } from './target.ts'

/** The package of static builds of ffmpeg, for CI: it fetches programs of some 80 MB when it is installed. */
export const STATIC_BUILDS = 'ffmpeg-ffprobe-static@6.1.1'

/** The static builds did not bring what a package needs. */
export class StaticBuildMissing extends UserFacingError {
  constructor(target: Target, what: string) {
    super('StaticBuildMissing', `${STATIC_BUILDS} brought no ${what} for ${nameOfTarget(target)}.`)
  }
}

/**
 * The target whose static build serves a target: its own, but for Windows on arm64, of which there is none and which runs
 * programs for x64 in emulation.
 */
export function staticBuildFor(target: Target): Target {
  return target.system === 'win' ? { ...target, arch: 'x64' } : target
}

/** How the installer of the static builds is told which to fetch. */
export function staticBuildEnvironment(target: Target): Readonly<Record<string, string>> {
  const { system, arch } = staticBuildFor(target)
  return { npm_config_platform: NODE_PLATFORMS[system], npm_config_arch: arch }
}

/**
 * Copies programs and licence out of the installed package `from` into `folder`, as `--media-tools` takes them.
 * @throws StaticBuildMissing
 */
export async function copyStaticBuild(from: string, target: Target, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const ending = target.system === 'win' ? '.exe' : ''
  for (const tool of ['ffmpeg', 'ffprobe']) {
    const program = join(from, `${tool}${ending}`)
    if (!existsSync(program)) throw new StaticBuildMissing(target, tool)
    await copyFile(program, join(folder, `${tool}${ending}`))
  }
  // The package's own LICENSE is that of its few lines of script.
  const papers = (await readdir(from)).filter((name) => /^ffmpeg(\.exe)?\.(LICENSE|README)$/.test(name))
  if (papers.length === 0) throw new StaticBuildMissing(target, 'licence')
  const texts = await Promise.all(papers.map((name) => readFile(join(from, name), 'utf8')))
  await writeFile(join(folder, 'LICENCE.txt'), texts.join('\n\n'))
}

/** Tells later steps of a GitHub workflow where the tools are, by paths as this system writes them. */
export async function announceMediaTools(
  environmentFile: string,
  target: Target,
  folder: string,
): Promise<void> {
  const ending = target.system === 'win' ? '.exe' : ''
  const lines = [
    `MASKWRIGHT_MEDIA_TOOLS=${resolve(folder)}`,
    `MASKWRIGHT_FFMPEG=${resolve(folder, `ffmpeg${ending}`)}`,
    `MASKWRIGHT_FFPROBE=${resolve(folder, `ffprobe${ending}`)}`,
  ]
  await appendFile(environmentFile, `${lines.join('\n')}\n`)
}
