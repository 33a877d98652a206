import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { announceMediaTools, copyStaticBuild, staticBuildEnvironment } from './static-media-tools.ts'
import { TARGETS, type Target } from './target.ts'

const windowsOnArm: Target = { system: 'win', arch: 'arm64' }

let root: string
let from: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'maskwright-static-'))
  from = join(root, 'package')
  mkdirSync(from)
  writeFileSync(join(from, 'LICENSE'), 'of the script')
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

test('fetches for each target a build that there is', () => {
  expect(TARGETS.map(staticBuildEnvironment)).toEqual([
    { npm_config_platform: 'linux', npm_config_arch: 'x64' },
    { npm_config_platform: 'linux', npm_config_arch: 'arm64' },
    { npm_config_platform: 'darwin', npm_config_arch: 'arm64' },
    { npm_config_platform: 'win32', npm_config_arch: 'x64' },
    { npm_config_platform: 'win32', npm_config_arch: 'x64' },
  ])
})

test('takes programs and their own licence', async () => {
  for (const name of ['ffmpeg.exe', 'ffprobe.exe', 'ffmpeg.exe.LICENSE'])
    writeFileSync(join(from, name), name)
  const folder = join(root, 'tools')
  await copyStaticBuild(from, windowsOnArm, folder)
  expect(existsSync(join(folder, 'ffprobe.exe'))).toBe(true)
  expect(readFileSync(join(folder, 'LICENCE.txt'), 'utf8')).toBe('ffmpeg.exe.LICENSE')
  await announceMediaTools(join(root, 'environment'), windowsOnArm, folder)
  const lines = readFileSync(join(root, 'environment'), 'utf8').trim().split('\n')
  expect(lines.map((line) => line.split('=')[0])).toEqual([
    'MASKWRIGHT_MEDIA_TOOLS',
    'MASKWRIGHT_FFMPEG',
    'MASKWRIGHT_FFPROBE',
  ])
  expect(lines.every((line) => isAbsolute(line.split('=')[1]!))).toBe(true)
})

test('says what is missing', async () => {
  const copied = () => copyStaticBuild(from, windowsOnArm, join(root, 'tools'))
  await expect(copied()).rejects.toThrow('ffmpeg-ffprobe-static@6.1.1 brought no ffmpeg for win-arm64.')
  for (const name of ['ffmpeg.exe', 'ffprobe.exe']) writeFileSync(join(from, name), name)
  await expect(copied()).rejects.toThrow('brought no licence')
})
