import { expect, test } from 'vitest'
import type { Target } from '../target.ts'
import { foreignBinaries } from './contents.ts'
import type { OpenedPackage } from './open-package.ts'
import { ELF_X64, elfHeader, peHeader } from './package-fixture.ts'

const PE_X64 = 0x8664
const x64 = (path: string) => ({ path, sizeBytes: 128, read: () => peHeader(PE_X64) })

function foreignIn(target: Target, path: string): string[] {
  return foreignBinaries({ target, files: [x64(path)] } as unknown as OpenedPackage)
}

test('Windows on arm64 takes ffmpeg for x64, which it emulates, and nothing else', () => {
  const arm: Target = { system: 'win', arch: 'arm64' }
  expect(foreignIn(arm, 'resources/ffmpeg/ffmpeg.exe')).toEqual([])
  expect(foreignIn(arm, 'resources/app.asar.unpacked/node_modules/a.node')).toHaveLength(1)
  expect(foreignIn({ system: 'linux', arch: 'x64' }, 'resources/ffmpeg/ffmpeg.exe')).toHaveLength(1)
})

test('ffmpeg may be a script that starts the program below bin, where that is one', () => {
  const script = (path: string) => ({
    path,
    sizeBytes: 18,
    read: () => Buffer.from('#!/bin/sh\nexec "$@"\n'),
  })
  const program = { path: 'resources/ffmpeg/bin/ffmpeg', sizeBytes: 64, read: () => elfHeader(ELF_X64) }
  const found = (...files: object[]) =>
    foreignBinaries({ target: { system: 'linux', arch: 'x64' }, files } as unknown as OpenedPackage)
  expect(found(script('resources/ffmpeg/ffmpeg'), program)).toEqual([])
  expect(found(script('resources/ffmpeg/ffmpeg'))).toEqual([
    'resources/ffmpeg/ffmpeg is no program or library.',
  ])
  expect(found(script(program.path))).toEqual(['resources/ffmpeg/bin/ffmpeg is no program or library.'])
})
