import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as asar from '@electron/asar'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkPackage } from './check-package.ts'
import { NoPackage } from './open-package.ts'
import {
  ELF_ARM64,
  elfHeader,
  peHeader,
  wholePackage,
  writePackage,
  type PackageParts,
} from './package-fixture.ts'

let root: string
let folder: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'maskwright-package-'))
  folder = join(root, 'package')
})
afterEach(() => {
  asar.uncacheAll()
  rmSync(root, { recursive: true, force: true })
})

async function problemsOf(change: (parts: PackageParts) => void): Promise<readonly string[]> {
  const parts = wholePackage()
  change(parts)
  await writePackage(folder, parts)
  return (await checkPackage(folder, ['/var/builder/maskwright'])).problems
}

test('a whole package holds; of fuses it says that this Electron has none', async () => {
  expect(await problemsOf(() => {})).toEqual([])
  const { lines } = await checkPackage(folder, [])
  expect(lines.join('\n')).toContain('Electron 9.4.1 has no fuses')
  expect(lines.join('\n')).toMatch(/size \d+ MB of \d+ MB/)
})

const defects: readonly [what: string, change: (parts: PackageParts) => void, says: string][] = [
  [
    'a library of another processor',
    ({ outside }) => (outside['resources/app.asar.unpacked/node_modules/a.node'] = elfHeader(ELF_ARM64)),
    'a.node is for linux-arm64.',
  ],
  [
    'a library of another system',
    ({ outside }) => (outside['resources/app.asar.unpacked/node_modules/a.dll'] = peHeader(0x8664)),
    'a.dll is for win-x64.',
  ],
  [
    'a library of a forgotten processor',
    ({ outside }) => (outside['resources/app.asar.unpacked/node_modules/a.dll'] = peHeader(0x14c)),
    'for a processor that no package is made for',
  ],
  [
    'a test',
    ({ archive }) => (archive['out/main/a.test.js'] = 'export {}\n'),
    'a.test.js is of use to developers only.',
  ],
  ['a source map', ({ archive }) => (archive['out/main/main.js.map'] = '{}'), 'main.js.map is of use'],
  [
    'a path of the machine that built it',
    ({ archive }) => (archive['out/main/main.js'] = '// made in /var/builder/maskwright/electron\n'),
    'names /var/builder/maskwright',
  ],
  [
    "a path in somebody's home",
    ({ archive }) => (archive['out/main/main.js'] = 'const a = "/home/jo/project/x.js"\n'),
    'names /home/jo/project/x.js',
  ],
  [
    'a path of a machine in a thread script',
    ({ outside }) =>
      (outside['resources/app.asar.unpacked/out/threads/tracker-thread.js'] =
        'const a = "/home/jo/project/x.js"\n'),
    'tracker-thread.js names /home/jo/project/x.js',
  ],
  ['no model', ({ outside }) => delete outside['resources/models/zoo/nano/nano.pt'], 'nano.pt is missing.'],
  [
    'half a model',
    ({ outside }) => (outside['resources/models/zoo/nano/nano.pt'] = Buffer.alloc(5)),
    'nano.pt is only 5 bytes long.',
  ],
  [
    'an ffmpeg that is none',
    ({ outside }) => (outside['resources/ffmpeg/ffmpeg'] = '#!/bin/sh\n'),
    'ffmpeg/ffmpeg is no program or library.',
  ],
  [
    'an empty native module',
    ({ outside }) => (outside['resources/app.asar.unpacked/node_modules/sharp/sharp.node'] = ''),
    'sharp.node is no program or library.',
  ],
  [
    'a program under the name of a script',
    ({ outside }) => (outside['resources/app.asar.unpacked/node_modules/evil.js'] = peHeader(0x8664)),
    'evil.js is for win-x64.',
  ],
  [
    'a manifest that is none',
    ({ archive }) => (archive['package.json'] = 'no JSON'),
    'package.json does not name a main script.',
  ],
  ['no ffmpeg', ({ outside }) => delete outside['resources/ffmpeg/ffmpeg'], 'ffmpeg/ffmpeg is missing.'],
  [
    'a broken main script',
    ({ archive }) => (archive['out/main/main.js'] = 'import {'),
    'main.js does not parse: ',
  ],
  [
    'a broken chunk',
    ({ archive }) => (archive['out/main/chunk-abc.js'] = 'import {'),
    'chunk-abc.js does not parse: ',
  ],
  [
    'a broken script of the interface',
    ({ archive }) => (archive['out/renderer/assets/index-abc.js'] = 'const = 1'),
    'index-abc.js does not parse: ',
  ],
  [
    'a preload script that is a module',
    ({ archive }) => (archive['out/preload/preload.cjs'] = 'import a from "electron"\n'),
    'preload.cjs does not parse',
  ],
  [
    'no preload script',
    ({ archive }) => delete archive['out/preload/preload.cjs'],
    'preload.cjs is missing.',
  ],
  [
    'no thread script',
    ({ outside }) => delete outside['resources/app.asar.unpacked/out/threads/tracker-thread.js'],
    'out/threads beside the archive is empty.',
  ],
]

test.each(defects)('finds %s', async (_what, change, says) => {
  const problems = await problemsOf(change)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(says)
})

test('finds an archive that was changed after it was hashed', async () => {
  await problemsOf(() => {})
  const archive = join(folder, 'resources', 'app.asar')
  const bytes = readFileSync(archive)
  const at = bytes.lastIndexOf('await Promise')
  bytes.write('AWAIT', at, 'latin1')
  writeFileSync(archive, bytes)
  asar.uncacheAll()
  const { problems } = await checkPackage(folder, [])
  expect(problems.join()).toContain('main.js is not what its hash in the archive says.')
})

test('finds links that lead out of the package, or nowhere', async () => {
  await problemsOf(() => {})
  symlinkSync('/', join(folder, 'root'))
  symlinkSync('nothing', join(folder, 'resources', 'dangling'))
  symlinkSync('ffmpeg', join(folder, 'resources', 'tools'))
  const { problems } = await checkPackage(folder, [])
  expect(problems).toEqual([
    'root is a link that leads out of the package.',
    'resources/dangling is a link that leads out of the package.',
  ])
})

test.each([
  ['an empty archive', 'resources/app.asar', ''],
  ['an archive of other bytes', 'resources/app.asar', 'x'.repeat(100)],
  ['a bill of materials that is none', 'resources/sbom.cdx.json', 'no JSON'],
  [
    'a version that is none',
    'resources/sbom.cdx.json',
    '{"components":[{"name":"electron","version":"lots"}]}',
  ],
])('says in one sentence: %s', async (_what, path, content) => {
  await problemsOf(() => {})
  writeFileSync(join(folder, path), content)
  asar.uncacheAll()
  await expect(checkPackage(folder, [])).rejects.toThrow(NoPackage)
})

test('says that a folder is no package', async () => {
  await expect(checkPackage(join(root, 'nowhere'), [])).rejects.toThrow('does not exist')
  await expect(checkPackage(root, [])).rejects.toThrow('no app.asar')
})
