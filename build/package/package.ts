// `npm run package`: builds the app and packs it for this system, or for another one where its parts can be had.
// npm run package -- [--dir] [--system linux|mac|win] [--arch x64|arm64] [--electron-dist DIR] [--media-tools DIR]
// --stage-only: lays out what would be packed and lists it. --unedited: leaves a Windows program's icon and signature alone.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'electron-builder'
import { buildApp, ROOT } from '../build-app.ts'
import { billOfMaterials } from './bill-of-materials.ts'
import { builderOptions } from './builder-options.ts'
import { electronFilesIn, hasFuses } from './electron-files.ts'
import { licencePage } from './licence-page.ts'
import { placeMediaFiles } from './media-files.ts'
import { packedLibraries } from './packed-libraries.ts'
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
await placeMediaFiles(
  target,
  values['media-tools'] ?? process.env['MASKWRIGHT_MEDIA_TOOLS'] ?? null,
  join(stage, 'ffmpeg'),
)
await writePapers(join(stage, 'papers'))
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

/** The licences and the bill of materials of what is packed. */
async function writePapers(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const libraries = await packedLibraries(ROOT, appFolder)
  const read = (path: string): Promise<string> => readFile(path, 'utf8')
  const [own, ffmpeg, nano, sample] = await Promise.all([
    read(join(ROOT, 'LICENSE')),
    read(join(stage, 'ffmpeg', 'LICENCE.txt')),
    read(join(ROOT, 'models', 'zoo', 'nano', 'README.md')),
    read(join(ROOT, 'test', 'fixtures', 'sample', 'LICENCE.md')),
  ])
  const others = [
    { name: 'FFmpeg', licence: 'as built: see its text', text: ffmpeg },
    { name: 'nano, the built-in model', licence: 'Apache-2.0', text: nano },
    { name: 'Sample film', licence: 'CC BY 4.0', text: sample },
    {
      name: 'Electron and Chromium',
      licence: 'MIT and others',
      text: 'Their licences lie beside the program: LICENSE.electron.txt and LICENSES.chromium.html.',
    },
  ]
  await writeFile(join(folder, 'LICENCES.html'), licencePage(own, others, libraries))
  const version = /ffmpeg version (\S+)/.exec(ffmpeg)?.[1] ?? 'as built'
  const foreign = [
    { name: 'ffmpeg', version, licence: 'see LICENCES.html' },
    { name: 'electron', version: electron.version, licence: 'MIT' },
    { name: 'maskwright-nano', version: '1', licence: 'Apache-2.0' },
  ]
  await writeFile(join(folder, 'sbom.cdx.json'), billOfMaterials(ROOT, libraries, foreign))
}

async function electronVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(
    await readFile(join(ROOT, 'node_modules', 'electron', 'package.json'), 'utf8'),
  )
  return (manifest as { version: string }).version
}
