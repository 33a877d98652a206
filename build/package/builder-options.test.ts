import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import {
  Arch,
  LinuxPackager,
  MacPackager,
  Packager,
  WinPackager,
  type PlatformPackager,
  type PlatformSpecificBuildOptions,
} from 'app-builder-lib'
import { computeArchToTargetNamesMap } from 'app-builder-lib/out/targets/targetFactory.js'
import { createUpdateInfoTasks } from 'app-builder-lib/out/publish/updateInfoBuilder.js'
import { LinuxTargetHelper } from 'app-builder-lib/out/targets/LinuxTargetHelper.js'
import { AppInfo } from 'app-builder-lib/out/appInfo.js'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ROOT } from '../build-app.ts'
import { builderOptions } from './builder-options.ts'
import { TARGETS, type Target } from './target.ts'

const PACKAGERS = { linux: LinuxPackager, mac: MacPackager, win: WinPackager } as const

let stage: string
beforeEach(() => {
  stage = mkdtempSync(join(tmpdir(), 'maskwright-stage-'))
  mkdirSync(join(stage, 'app'))
  writeFileSync(join(stage, 'app', 'package.json'), JSON.stringify({ name: 'maskwright', version: '0.1.0' }))
})
afterEach(() => {
  rmSync(stage, { recursive: true, force: true })
})

/** electron-builder, told what `npm run package` tells it, up to where it would begin to pack. */
async function packagerFor(target: Target, updatesUrl: string | null = null) {
  const options = builderOptions(ROOT, {
    target,
    unpackedOnly: false,
    publish: false,
    updatesUrl,
    electron: { version: '45.4.1', folder: null },
    unedited: false,
    stage,
  })
  const whole = new Packager(options)
  await whole.validateConfig()
  whole['_appInfo'] = new AppInfo(whole, null)
  const packager = new PACKAGERS[target.system](
    whole,
  ) as unknown as PlatformPackager<PlatformSpecificBuildOptions>
  return { options, packager }
}

const wanted = { linux: ['AppImage', 'deb'], mac: ['dmg', 'zip'], win: ['nsis', 'portable'] }

test.each(TARGETS)('packs $system for $arch alone', async (target) => {
  const { options, packager } = await packagerFor(target)
  const asked = [...(options.targets ?? [])]
  expect(asked).toHaveLength(1)
  const [platform, archs] = asked[0]!
  const packed = computeArchToTargetNamesMap(archs, packager, platform)
  expect([...packed]).toEqual([[Arch[target.arch], wanted[target.system]]])
})

test('no two packages write the same list of newer versions', async () => {
  const lists = await Promise.all(
    TARGETS.map(async (target) => {
      const { packager } = await packagerFor(target, 'https://example.org/updates')
      const file = join(stage, 'Maskwright.bin')
      writeFileSync(file, 'x')
      const written = await createUpdateInfoTasks(
        {
          ...{ file, packager, arch: Arch[target.arch], isWriteUpdateInfo: true },
          target: { outDir: stage } as never,
        },
        [packager.config.publish as never],
      )
      return written.map((task) => basename(task.file))
    }),
  )
  expect(lists).toEqual([
    ['latest-linux.yml'],
    ['latest-linux-arm64.yml'],
    ['latest-mac.yml'],
    ['latest.yml'],
    ['latest-arm64.yml'],
  ])
})

/** The type that Linux (shared-mime-info) gives each ending. */
const LINUX_TYPES: Readonly<Record<string, string>> = {
  ...{
    mp4: 'video/mp4',
    m4v: 'video/mp4',
    mov: 'video/quicktime',
    mkv: 'video/x-matroska',
    webm: 'video/webm',
  },
  ...{ avi: 'video/x-msvideo', mts: 'video/mp2t', m2ts: 'video/mp2t', mpg: 'video/mpeg', mpeg: 'video/mpeg' },
  ...{ wmv: 'video/x-ms-wmv', gif: 'image/gif' },
}

test('Linux offers the app for every video that it opens, and for its projects', async () => {
  const { packager } = await packagerFor({ system: 'linux', arch: 'x64' })
  const linux = packager as unknown as LinuxPackager
  const helper = new LinuxTargetHelper(linux)
  const entry = await helper.computeDesktopEntry(linux.platformSpecificBuildOptions)
  const types = (/^MimeType=(.*);$/m.exec(entry)?.[1] ?? '').split(';')
  const endings = packager.fileAssociations.flatMap(({ ext }) => ext)
  expect(endings).toHaveLength(13)
  expect(new Set(types).size).toBe(types.length)
  for (const ending of endings)
    expect(types, ending).toContain(
      ending === 'maskwright' ? 'application/x-maskwright' : LINUX_TYPES[ending],
    )
  const newTypes = readFileSync((await helper.mimeTypeFiles) ?? '', 'utf8')
  expect([...newTypes.matchAll(/(?:type|pattern)="(.*?)"/g)].map(([, name]) => name)).toEqual([
    'application/x-maskwright',
    '*.maskwright',
  ])
})
