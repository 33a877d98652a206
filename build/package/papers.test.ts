import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ROOT } from '../build-app.ts'
import { placeMediaFiles, type MediaFiles } from './media-files.ts'
import { writePapers } from './papers.ts'
import { standardLicence } from './standard-licence.ts'
import { thisTarget } from './target.ts'

const billSchema = z.object({
  components: z.array(z.looseObject({ name: z.string(), version: z.string(), purl: z.string().optional() })),
})

test('a package without a licence file gets the standard texts of its licences', async () => {
  const text = await standardLicence(ROOT, '(MIT OR Apache-2.0) AND LGPL-3.0-or-later')
  expect(text).toContain('Permission is hereby granted, free of charge')
  expect(text).toContain('TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION')
  expect(text).toContain('GNU LESSER GENERAL PUBLIC LICENSE')
  expect(await standardLicence(ROOT, 'Own-1.0')).toContain('Own-1.0 (no standard text is known)')
  expect(await standardLicence(ROOT, '../MIT')).toContain('no standard text is known')
})

/** ffmpeg with its libraries, as copied from this machine. */
describe.runIf(process.platform === 'linux')('papers of an ffmpeg of this machine', () => {
  let folder: string
  let media: MediaFiles
  let page: string
  let components: z.infer<typeof billSchema>['components']
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'maskwright-papers-'))
    const target = thisTarget()
    media = await placeMediaFiles(target, null, join(folder, 'ffmpeg'))
    const libraries = [{ name: 'saxes', version: '6.0.0', licence: 'ISC', licenceTexts: ['text of saxes'] }]
    await writePapers(ROOT, join(folder, 'papers'), { libraries, media, target, electronVersion: '45.4.1' })
    page = readFileSync(join(folder, 'papers', 'LICENCES.html'), 'utf8')
    const bill: unknown = JSON.parse(readFileSync(join(folder, 'papers', 'sbom.cdx.json'), 'utf8'))
    components = billSchema.parse(bill).components
  })
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  test('say which version it is', () => {
    const said = execFileSync(join(folder, 'ffmpeg', 'ffmpeg'), ['-version'], { encoding: 'utf8' })
    const version = components.find(({ name }) => name === 'ffmpeg')?.version ?? ''
    expect(said).toContain(`ffmpeg version ${version} `)
    expect(page).toContain(`FFmpeg ${version}`)
  })

  test('name every library that comes with it', () => {
    const files = readdirSync(join(folder, 'ffmpeg', 'lib'))
    expect(files.length).toBeGreaterThan(10)
    const { parts, unknown } = media.libraries
    expect([...parts.flatMap((part) => part.files), ...unknown].sort()).toEqual(files.sort())
    expect(files.filter((file) => !page.includes(file.replaceAll('&', '&amp;')))).toEqual([])
    const listed = new Map(components.map(({ name, version }) => [name, version]))
    for (const { name, version } of parts) expect(listed.get(name), name).toBe(version)
    for (const name of unknown) expect(listed.get(name), name).toBe('not known')
  })

  test.runIf(existsSync('/usr/share/common-licenses'))('bring the texts that Debian refers to', () => {
    expect(media.libraries.unknown).toEqual([])
    expect(page).toContain('<summary>The text of GPL-2 ')
    expect(page).toContain('<summary>The text of LGPL-2.1 ')
    expect(components.find(({ name }) => /^libavcodec\d+$/.test(name))?.purl).toMatch(
      /^pkg:deb\/debian\/libavcodec\d+@.*\?arch=(amd64|arm64)$/,
    )
  })
})
