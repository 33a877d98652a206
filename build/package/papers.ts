import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { billOfMaterials, type ForeignPart } from './bill-of-materials.ts'
import { commonLicences, type DebianPart } from './debian-parts.ts'
import { licencePage, type OtherPart } from './licence-page.ts'
import type { MediaFiles } from './media-files.ts'
import type { PackedLibrary } from './packed-libraries.ts'
import type { Target } from './target.ts'

/** What is in a package beside the app's own scripts. */
export interface PackedParts {
  readonly libraries: readonly PackedLibrary[]
  readonly media: MediaFiles
  readonly target: Target
  readonly electronVersion: string
}

/** Writes the licences (`LICENCES.html`) and the bill of materials (`sbom.cdx.json`) of what is packed. */
export async function writePapers(root: string, folder: string, packed: PackedParts): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const { libraries, media, electronVersion } = packed
  const own = await readFile(join(root, 'LICENSE'), 'utf8')
  const others = [
    { name: `FFmpeg ${media.version ?? ''}`.trim(), licence: 'as built: see its text', text: media.licence },
    ...mediaLibraries(media),
    ...(await shippedParts(root)),
    {
      name: `Electron ${electronVersion} and Chromium`,
      licence: 'MIT and others',
      text: 'Their licences lie beside the program: LICENSE.electron.txt and LICENSES.chromium.html.',
    },
  ]
  await writeFile(join(folder, 'LICENCES.html'), licencePage(own, others, libraries))
  await writeFile(join(folder, 'sbom.cdx.json'), billOfMaterials(root, libraries, foreignParts(packed)))
}

/** The model and the film that come with the app, as a package and as a checkout. */
export async function shippedParts(root: string): Promise<OtherPart[]> {
  const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8')
  return [
    {
      name: 'nano, the built-in model',
      licence: 'Apache-2.0',
      text: await read('models/zoo/nano/README.md'),
    },
    { name: 'Sample film', licence: 'CC BY 4.0', text: await read('test/fixtures/sample/LICENCE.md') },
  ]
}

/** The system's libraries that ffmpeg brings, and the licences that their papers refer to. */
function mediaLibraries({ libraries: { parts, unknown } }: MediaFiles): OtherPart[] {
  const copyrights = parts.map(({ copyright }) => copyright ?? '')
  const common = [...commonLicences(copyrights)].map(([name, text]) => ({
    ...{ name: `The text of ${name}`, licence: 'of libraries that FFmpeg brings', text },
  }))
  const none = 'Debian keeps no copyright file of it on the machine that packed it.'
  return [
    ...parts.map((part) => ({
      name: `${part.name} ${part.version}`,
      licence: 'brought by FFmpeg: see its text',
      text: `Files: ${part.files.join(', ')}\n\n${part.copyright ?? none}`,
    })),
    ...(unknown.length === 0 ? [] : [unknownLibraries(unknown)]),
    ...common,
  ]
}

function unknownLibraries(names: readonly string[]): OtherPart {
  return {
    name: 'Other libraries that FFmpeg brings',
    licence: 'not known to the machine that packed them',
    text: `They were copied from a system that does not say which package they belong to: ${names.join(', ')}`,
  }
}

/** What npm does not know of. */
function foreignParts({ media, target, electronVersion }: PackedParts): ForeignPart[] {
  const licence = 'see LICENCES.html'
  const debian = ({ name, version }: DebianPart): ForeignPart => ({
    ...{ name, version, licence, kind: 'library' },
    packageUrl: `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${target.arch === 'x64' ? 'amd64' : 'arm64'}`,
  })
  return [
    { name: 'ffmpeg', version: media.version ?? 'as built', licence, kind: 'application' },
    ...media.libraries.parts.map(debian),
    ...media.libraries.unknown.map((name) => ({
      ...{ name, version: 'not known', licence: 'not known', kind: 'library' as const },
    })),
    { name: 'electron', version: electronVersion, licence: 'MIT', kind: 'framework' },
    { name: 'maskwright-nano', version: '1', licence: 'Apache-2.0', kind: 'application' },
  ]
}
