import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { electronProgram, whyNoElectron } from './electron-program.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-electron-'))
})

test('a package without its download has no program', async () => {
  expect(electronProgram(folder, {})).toBeNull()
  await writeFile(join(folder, 'path.txt'), 'electron')
  expect(electronProgram(folder, {})).toBeNull()
})

test('the downloaded program is found, and one elsewhere', async () => {
  await writeFile(join(folder, 'path.txt'), 'electron\n')
  await mkdir(join(folder, 'dist'))
  await writeFile(join(folder, 'dist', 'electron'), '')
  expect(electronProgram(folder, {})).toBe(join(folder, 'dist', 'electron'))
  const elsewhere = join(folder, 'dist')
  expect(electronProgram(folder, { ELECTRON_OVERRIDE_DIST_PATH: elsewhere })).toBe(
    join(elsewhere, 'electron'),
  )
  expect(electronProgram(folder, { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'nowhere') })).toBeNull()
})

test('a window needs a program, a screen and a user that is not root', () => {
  const screen = { DISPLAY: ':0' }
  expect(whyNoElectron('/electron', screen, 'linux', 1000)).toBeNull()
  expect(whyNoElectron(null, screen, 'linux', 1000)).toContain('install-electron')
  expect(whyNoElectron('/electron', {}, 'linux', 1000)).toContain('screen')
  expect(whyNoElectron('/electron', screen, 'linux', 0)).toContain('root')
  expect(whyNoElectron('C:\\electron.exe', {}, 'win32', undefined)).toBeNull()
})
