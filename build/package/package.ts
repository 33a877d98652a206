// `npm run package`: builds the app and packs it for this system, or for another one where its parts can be had.
// npm run package -- [--dir] [--system linux|mac|win] [--arch x64|arm64] [--electron-dist DIR] [--media-tools DIR]
// --stage-only: lays out what would be packed and lists it. --unedited: leaves a Windows program's icon and signature alone.
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'electron-builder'
import { buildApp, ROOT } from '../build-app.ts'
import { builderOptions } from './builder-options.ts'
import { electronFilesIn, hasFuses } from './electron-files.ts'
import { placeMediaFiles } from './media-files.ts'
import { packagesIn, packedLibraries } from './packed-libraries.ts'
import { writePapers } from './papers.ts'
import { stageApp } from './stage-app.ts'
import { nameOfTarget, targetOf } from './target.ts'

const { values } = parseArgs({
  options: {
    dir: { type: 'boolean', default: false },
    system: { type: 'string' },
    arch: { type: 'string' },
    'electron-dist': { type: 'string' },
    'media-tools': { type: 'string' },
    publish: { type: 'boolean', default: false },
    'stage-only': { type: 'boolean', default: false },
    unedited: { type: 'boolean', default: false },
  },
})
const target = targetOf(values.system, values.arch)
const dist = values['electron-dist'] ?? process.env['MASKWRIGHT_ELECTRON_DIST']
const electron =
  dist === undefined ? { version: await electronVersion(), folder: null } : electronFilesIn(dist)

await buildApp()
const stage = join(ROOT, 'dist', 'stage', nameOfTarget(target))
const appFolder = join(stage, 'app')
await stageApp(ROOT, target, appFolder)
if (values['stage-only']) {
  for (const file of await readdir(appFolder, { recursive: true, withFileTypes: true })) {
    if (file.isFile()) console.log(relative(appFolder, join(file.parentPath, file.name)))
  }
  process.exit(0)
}
const media = await placeMediaFiles(
  target,
  values['media-tools'] ?? process.env['MASKWRIGHT_MEDIA_TOOLS'] ?? null,
  join(stage, 'ffmpeg'),
)
const libraries = await packedLibraries(ROOT, await packagesIn(join(appFolder, 'node_modules')))
await writePapers(ROOT, join(stage, 'papers'), {
  libraries,
  media,
  target,
  electronVersion: electron.version,
})
if (!hasFuses(electron.version)) console.log(`Electron ${electron.version} has no fuses yet: none are set.`)
await build(
  builderOptions(ROOT, {
    ...{ target, electron, stage },
    unpackedOnly: values.dir,
    publish: values.publish,
    updatesUrl: process.env['MASKWRIGHT_UPDATES_URL'] ?? null,
    unedited: values.unedited,
  }),
)

async function electronVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(
    await readFile(join(ROOT, 'node_modules', 'electron', 'package.json'), 'utf8'),
  )
  return (manifest as { version: string }).version
}
