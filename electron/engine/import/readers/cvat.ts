import { createReadStream } from 'node:fs'
import { dirname, join } from 'node:path'
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { ImportDamaged, ImportNotThisFormat } from '../import-errors.ts'
import type { LabelReader } from '../imported-labels.ts'
import { chooseSequence } from '../choose-sequence.ts'
import { LabelCollector } from '../label-collector.ts'
import { filesIn, isFile, kindOfPath, pathWithin } from '../read-source.ts'
import { CvatShapes } from './cvat-shapes.ts'

/** A name or number in an attribute beyond this is damage. */
const deepest = 64

/** CVAT 1.1, for video (tracks) and for images. */
export const cvat: LabelReader = {
  async detect(path) {
    const file = await xmlFile(path, null).catch(() => null)
    return file !== null && (await beginsWith(file, '<annotations'))
  },
  async read({ path, sequence, videoSize }) {
    const file = await xmlFile(path, sequence)
    const folder = dirname(file)
    const collector = new LabelCollector()
    const shapes = new CvatShapes(file, collector, videoSize)
    await parseXml(file, shapes)
    for (const name of shapes.pictureNames) pathWithin(folder, name)
    return collector.labels(await pictureFolder(folder, shapes.pictureNames[0]))
  },
}

/**
 * Reads the file piece by piece; it may be larger than memory. Entities other than XML's own are not known here, so
 * none can unfold.
 */
async function parseXml(file: string, shapes: CvatShapes): Promise<void> {
  const parser = new SaxesParser<{ xmlns: false; fragment: false }>({ xmlns: false, fragment: false })
  const path: string[] = []
  let text = ''
  parser.on('error', (error) => {
    throw new ImportDamaged(file, `it is no XML, or it was cut off (${error.message.slice(0, 200)})`, error)
  })
  parser.on('opentag', (tag: SaxesTagPlain) => {
    if (path.length === 0 && tag.name !== 'annotations')
      throw new ImportNotThisFormat(file, 'CVAT', `it begins with <${tag.name.slice(0, 40)}>`)
    path.push(tag.name)
    if (path.length > deepest) throw new ImportDamaged(file, 'its elements lie too deep within each other')
    text = ''
    shapes.open(path, tag.attributes)
  })
  parser.on('text', (part) => {
    if (text.length < 1_000) text += part
  })
  parser.on('closetag', () => {
    shapes.close(path, text.trim())
    path.pop()
    text = ''
  })
  for await (const chunk of createReadStream(file, { encoding: 'utf8' })) parser.write(chunk as string)
  parser.close()
}

/** @throws ImportSourceMissing, ImportNotThisFormat, ImportNeedsSequence */
async function xmlFile(path: string, sequence: string | null): Promise<string> {
  if ((await kindOfPath(path)) === 'file') return path
  const names = await filesIn(path, '.xml')
  if (names.length === 0) throw new ImportNotThisFormat(path, 'CVAT', 'it has no XML file')
  return chooseSequence(new Map(names.map((name) => [name, join(path, name)])), sequence)
}

async function beginsWith(file: string, text: string): Promise<boolean> {
  for await (const chunk of createReadStream(file, { encoding: 'utf8', end: 4_095 }))
    return (chunk as string).includes(text)
  return false
}

async function pictureFolder(folder: string, firstPicture: string | undefined): Promise<string | null> {
  if (firstPicture === undefined) return null
  for (const place of ['images', '.']) {
    const picture = pathWithin(folder, firstPicture, join(folder, place))
    if (await isFile(picture)) return dirname(picture)
  }
  return null
}
