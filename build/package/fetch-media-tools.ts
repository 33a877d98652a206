// node build/run.mjs build/package/fetch-media-tools.ts FOLDER [--system linux|mac|win] [--arch x64|arm64]
// Fetches static builds of ffmpeg and ffprobe, as `npm run package -- --media-tools FOLDER` takes them, and in a GitHub
// workflow names them to the steps that follow.
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  announceMediaTools,
  copyStaticBuild,
  STATIC_BUILDS,
  staticBuildEnvironment,
  staticBuildFor,
} from './static-media-tools.ts'
import { nameOfTarget, targetOf } from './target.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { system: { type: 'string' }, arch: { type: 'string' } },
})
const [folder] = positionals
if (folder === undefined) {
  console.error('Usage: fetch-media-tools.ts FOLDER [--system linux|mac|win] [--arch x64|arm64]')
  process.exit(2)
}
const target = targetOf(values.system, values.arch)
const fetched = staticBuildFor(target)
if (fetched.arch !== target.arch) {
  console.log(
    `There is no static ffmpeg for ${nameOfTarget(target)}: that for ${nameOfTarget(fetched)} runs in emulation.`,
  )
}

const work = await mkdtemp(join(tmpdir(), 'maskwright-media-'))
await writeFile(join(work, 'package.json'), '{ "private": true }\n')
const isWindows = process.platform === 'win32'
const installed = spawnSync(
  isWindows ? 'npm.cmd' : 'npm',
  ['install', '--ignore-scripts=false', '--no-audit', '--no-fund', STATIC_BUILDS],
  {
    ...{ cwd: work, stdio: 'inherit', shell: isWindows },
    env: { ...process.env, ...staticBuildEnvironment(target) },
  },
)
if (installed.status !== 0) {
  console.error(`npm could not install ${STATIC_BUILDS}.`)
  process.exit(1)
}
await copyStaticBuild(join(work, 'node_modules', 'ffmpeg-ffprobe-static'), target, folder)
await rm(work, { recursive: true, force: true })
const environmentFile = process.env['GITHUB_ENV']
if (environmentFile !== undefined) await announceMediaTools(environmentFile, target, folder)
