import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImportFormat } from '../contract/import-options.ts'
import { UserFacingError } from '../contract/errors.ts'
import { exportMasksOf, pictureFilm, testObjects } from '../engine/export/dataset-fixture.ts'
import { fullRunLength } from '../engine/masks/run-length-mask.ts'
import { createProject } from '../engine/project/create-project.ts'
import { openProject } from '../engine/project/open-project.ts'
import { testFolder } from '../engine/project/store-fixture.ts'
import { importDataset } from './import-command.ts'
import { parseImportArguments } from './import-arguments.ts'

const { folder, remove } = testFolder()
afterAll(remove)

const output = { say: () => {}, stop: new AbortController().signal }
const project = join(folder, 'film.maskwright')
const pictures = join(folder, 'film')

beforeAll(async () => {
  const source = await pictureFilm(pictures, { frames: 2, widthPx: 8, heightPx: 6 })
  const whole = fullRunLength(6, 8)
  const common = { source, masks: [[whole], [whole]], objects: testObjects(1) }
  for (const target of [
    { format: 'coco', segmentation: 'rle' },
    { format: 'yolo-seg', frames: true },
    { format: 'davis' },
    { format: 'youtube-vos', frames: true },
    { format: 'sa-v' },
    { format: 'cvat', shapes: 'mask' },
    { format: 'labelme', frames: true },
    { format: 'png-masks' },
  ] as const) {
    await exportMasksOf({ ...common, target, outputFolder: join(folder, 'whole', target.format) })
  }
  await source.close()
  mkdirSync(join(folder, 'whole/maskwright'))
  const other = await createProject(join(folder, 'whole/maskwright/other.maskwright'), { name: 'Other' })
  other.close()
  const { code } = await run('davis', join(folder, 'whole', 'davis'))
  expect(code).toBe(0)
})

/** Imports as the command does; what goes wrong is the answer. */
async function run(format: ImportFormat, path: string): Promise<{ code: number | string; sentence: string }> {
  try {
    const args = [format, path, '--project', project, '--video', pictures]
    return { code: await importDataset(parseImportArguments(args), output), sentence: '' }
  } catch (error) {
    if (!(error instanceof UserFacingError)) throw error
    return { code: error.code, sentence: error.message }
  }
}

type Damage = (folder: string) => void

/** Puts another text in place of what the pattern finds. */
function replaced(file: string, pattern: RegExp | string, by: string): Damage {
  return (dataset) => {
    const path = join(dataset, file)
    const text = readFileSync(path, 'utf8')
    const changed = text.replace(pattern, by)
    expect(changed).not.toBe(text)
    writeFileSync(path, changed)
  }
}

function cut(file: string, share = 0.6): Damage {
  return (dataset) => {
    const path = join(dataset, file)
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length * share)))
  }
}

function written(file: string, content: string | Buffer): Damage {
  return (dataset) => writeFileSync(join(dataset, file), content)
}

/** A PNG whose header claims a size that no picture has. */
function hugePng(): Buffer {
  const png = readFileSync(join(folder, 'whole/davis/Annotations/480p/film/00000.png'))
  png.writeUInt32BE(2 ** 31 - 1, 16)
  return png
}

/** A PNG whose pixels unfold to far more than its header says. */
function unfoldingPng(): Buffer {
  const png = readFileSync(join(folder, 'whole/davis/Annotations/480p/film/00000.png'))
  const [start, end] = [png.indexOf('IDAT') - 4, png.indexOf('IEND') - 4]
  const data = Buffer.concat([Buffer.from('IDAT', 'latin1'), deflateSync(Buffer.alloc(20 * 2 ** 20))])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length - 4)
  checksum.writeUInt32BE(crc32(data))
  return Buffer.concat([png.subarray(0, start), length, data, checksum, png.subarray(end)])
}

const instances = 'annotations/instances_film.json'
const davisPng = 'Annotations/480p/film/00000.png'
const cases: [ImportFormat, string, string, Damage][] = [
  ['coco', 'cut off', 'import-damaged', cut(instances)],
  ['coco', 'no JSON', 'import-damaged', written(instances, '\u0000\u0001')],
  ['coco', 'another JSON', 'import-not-this-format', written(instances, '[1,2]')],
  ['coco', 'images of a wrong type', 'import-damaged', replaced(instances, /"images":\[\n/, '"images":[7,')],
  [
    'coco',
    'a huge width',
    'import-damaged',
    replaced(instances, /"width":8,"height":6,"video_id"/, '"width":1e12,"height":6,"video_id"'),
  ],
  [
    'coco',
    'counts of another picture',
    'import-damaged',
    replaced(instances, /"counts":"[^"]*"/, '"counts":"ooooooooooo0"'),
  ],
  [
    'coco',
    'huge counts',
    'import-damaged',
    replaced(instances, /"counts":"[^"]*"/, '"counts":[0,4294967295,4294967295]'),
  ],
  [
    'coco',
    'counts that are no numbers',
    'import-damaged',
    replaced(instances, /"counts":"[^"]*"/, '"counts":[0,-5,"x"]'),
  ],
  [
    'coco',
    'a polygon without coordinates',
    'import-damaged',
    replaced(instances, /"segmentation":\{[^}]*\}/, '"segmentation":[[1,2]]'),
  ],
  [
    'coco',
    'a polygon that zigzags without end',
    'import-damaged',
    (dataset) => {
      const path = join(dataset, instances)
      const content = JSON.parse(readFileSync(path, 'utf8'))
      for (const image of content.images) image.width = 16384
      const polygon = Array.from({ length: 20_000 }, (_, i) => [i % 2 === 0 ? 0 : 16384, i % 6])
      content.annotations = [{ ...content.annotations[0], segmentation: [polygon.flat()] }]
      writeFileSync(path, JSON.stringify(content))
    },
  ],
  [
    'coco',
    'absurd coordinates',
    'import-damaged',
    replaced(instances, /"segmentation":\{[^}]*\}/, '"segmentation":[[1,2,1e300,4,5,6]]'),
  ],
  [
    'coco',
    'a path that climbs',
    'import-path-outside',
    replaced(instances, '00000.png', '../../../etc/passwd'),
  ],
  ['coco', 'an absolute path', 'import-path-outside', replaced(instances, '00000.png', '/etc/passwd')],
  ['coco', 'a Windows path', 'import-path-outside', replaced(instances, '00000.png', '..\\\\..\\\\x.png')],
  ['yolo-seg', 'a line cut off', 'import-damaged', cut('labels/train/00000.txt')],
  ['yolo-seg', 'words', 'import-damaged', written('labels/train/00000.txt', 'zero one two\n')],
  [
    'yolo-seg',
    'pixels instead of shares',
    'import-damaged',
    written('labels/train/00000.txt', '0 10 10 300 10 300 300\n'),
  ],
  [
    'yolo-seg',
    'a huge class',
    'import-damaged',
    written('labels/train/00000.txt', '99999999999 0 0 1 0 1 1\n'),
  ],
  [
    'yolo-seg',
    'no numbers at all',
    'import-damaged',
    written('labels/train/00000.txt', '0 NaN 0 1 0 1 Infinity\n'),
  ],
  ['yolo-seg', 'broken YAML', 'import-damaged', written('data.yaml', 'names: [a, {')],
  [
    'yolo-seg',
    'YAML that unfolds',
    'import-damaged',
    written('data.yaml', 'a: &a [x,x]\nb: &b [*a,*a]\nnames: [*b,*b]\n'),
  ],
  ['yolo-seg', 'a picture cut off', 'import-damaged', written('images/train/00000.jpg', 'no picture')],
  ['davis', 'a picture cut off', 'import-damaged', cut(davisPng)],
  ['davis', 'a file that is no PNG', 'import-damaged', written(davisPng, 'hello')],
  [
    'davis',
    'a link to a device',
    'import-source-missing',
    (dataset) => {
      rmSync(join(dataset, davisPng))
      symlinkSync('/dev/null', join(dataset, davisPng))
    },
  ],
  ['davis', 'an empty file', 'import-damaged', written(davisPng, '')],
  [
    'davis',
    'a huge picture',
    'import-damaged',
    (dataset) => writeFileSync(join(dataset, davisPng), hugePng()),
  ],
  [
    'davis',
    'a picture that unfolds',
    'import-damaged',
    (dataset) => writeFileSync(join(dataset, davisPng), unfoldingPng()),
  ],
  [
    'davis',
    'nothing of it',
    'import-not-this-format',
    (dataset) => rmSync(join(dataset, 'Annotations'), { recursive: true }),
  ],
  ['youtube-vos', 'meta.json cut off', 'import-damaged', cut('meta.json')],
  [
    'youtube-vos',
    'meta.json of wrong types',
    'import-damaged',
    written('meta.json', '{"videos":{"film":{"objects":{"1":7}}}}'),
  ],
  [
    'youtube-vos',
    'labels that are no numbers',
    'import-damaged',
    written('meta.json', '{"videos":{"film":{"objects":{"../x":{}}}}}'),
  ],
  ['youtube-vos', 'a picture cut off', 'import-damaged', cut('Annotations/film/00001.png')],
  ['sa-v', 'cut off', 'import-damaged', cut('film_manual.json')],
  [
    'sa-v',
    'masklets of a wrong type',
    'import-damaged',
    replaced('film_manual.json', '"masklet":[\n', '"masklet":["x",'),
  ],
  [
    'sa-v',
    'a huge size',
    'import-damaged',
    replaced('film_manual.json', '"video_height":6', '"video_height":1e9'),
  ],
  [
    'sa-v',
    'a mask of another size',
    'import-damaged',
    replaced('film_manual.json', '"size":[6,8]', '"size":[8,6]'),
  ],
  [
    'sa-v',
    'foreign characters',
    'import-damaged',
    replaced('film_manual.json', /"counts":"[^"]*"/, '"counts":"~~~"'),
  ],
  [
    'sa-v',
    'counts that are too short',
    'import-damaged',
    replaced('film_manual.json', /"counts":"[^"]*"/, '"counts":"01"'),
  ],
  [
    'sa-v',
    'frames with fewer masks',
    'import-damaged',
    replaced('film_manual.json', /\n,?\[\{"size[^\n]*\]\n/, '\n[]\n'),
  ],
  [
    'sa-v',
    'a path that climbs',
    'import-path-outside',
    replaced('film_manual.json', '"video_id":"film"', '"video_id":"../../x"'),
  ],
  ['cvat', 'cut off', 'import-damaged', cut('annotations.xml')],
  ['cvat', 'another XML', 'import-not-this-format', written('annotations.xml', '<html></html>')],
  [
    'cvat',
    'entities of its own',
    'import-damaged',
    replaced('annotations.xml', '<annotations>', '<!DOCTYPE a [<!ENTITY x "lol">]><annotations>&x;'),
  ],
  [
    'cvat',
    'a run beyond the box',
    'import-damaged',
    replaced('annotations.xml', /rle="[^"]*"/, 'rle="0, 4000000000"'),
  ],
  [
    'cvat',
    'runs that are too few',
    'import-damaged',
    replaced('annotations.xml', /rle="[^"]*"/, 'rle="0, 3"'),
  ],
  ['cvat', 'a huge box', 'import-damaged', replaced('annotations.xml', ' width="8"', ' width="99999999"')],
  [
    'cvat',
    'a frame that is no number',
    'import-damaged',
    replaced('annotations.xml', 'frame="0"', 'frame="-1"'),
  ],
  ['cvat', 'a huge picture', 'import-damaged', replaced('annotations.xml', '<width>8', '<width>999999999')],
  [
    'cvat',
    'a path that climbs',
    'import-path-outside',
    replaced(
      'annotations.xml',
      '</annotations>',
      '<image id="1" name="../../x.png" width="8" height="6"></image></annotations>',
    ),
  ],
  ['labelme', 'cut off', 'import-damaged', cut('film/00000.json')],
  [
    'labelme',
    'shapes of a wrong type',
    'import-damaged',
    replaced('film/00000.json', /"points":\[\[/, '"points":[["x",'),
  ],
  [
    'labelme',
    'half a polygon',
    'import-damaged',
    replaced('film/00000.json', /"points":.*?\]\]/, '"points":[[1,2],[3,4]]'),
  ],
  [
    'labelme',
    'a huge picture',
    'import-damaged',
    replaced('film/00000.json', '"imageWidth":8', '"imageWidth":1e9'),
  ],
  [
    'labelme',
    'a mask that is no PNG',
    'import-damaged',
    replaced(
      'film/00000.json',
      '"shape_type":"polygon","flags":{},"mask":null',
      '"shape_type":"mask","flags":{},"mask":"AAAA"',
    ),
  ],
  [
    'labelme',
    'a path that climbs',
    'import-path-outside',
    replaced('film/00000.json', '"imagePath":"00000.jpg"', '"imagePath":"../../../x.jpg"'),
  ],
  [
    'labelme',
    'other JSON',
    'import-not-this-format',
    (dataset) => ['00000', '00001'].forEach((name) => written(`film/${name}.json`, '{"a":1}')(dataset)),
  ],
  ['png-masks', 'a picture cut off', 'import-damaged', cut('masks/thing 1/00000.png')],
  ['png-masks', 'no picture', 'import-damaged', written('masks/thing 1/00001.png', 'x')],
  [
    'png-masks',
    'nothing of it',
    'import-not-this-format',
    (dataset) => rmSync(join(dataset, 'masks'), { recursive: true }),
  ],
  ['maskwright', 'another file', 'NotAProject', written('other.maskwright', '')],
  ['maskwright', 'cut off', 'import-nothing-left', cut('other.maskwright', 0.3)],
]

describe('a malformed data set ends with a named error and leaves the project untouched:', () => {
  it.each(cases)('%s, %s', async (format, _, code, damage) => {
    const dataset = join(folder, 'damaged', format)
    rmSync(dataset, { recursive: true, force: true })
    cpSync(join(folder, 'whole', format), dataset, { recursive: true })
    damage(dataset)
    const digest = (): string => createHash('sha256').update(readFileSync(project)).digest('hex')
    const before = digest()
    const path = format === 'maskwright' ? join(dataset, 'other.maskwright') : dataset
    const found = await run(format, path)
    expect(found).toEqual({ code, sentence: expect.stringMatching(/^\S.* .*\.$/s) })
    expect(digest()).toBe(before)
  })

  it('and makes no project where there was none', async () => {
    const path = join(folder, 'new.maskwright')
    const args = ['coco', join(folder, 'whole', 'nowhere'), '--project', path]
    await expect(importDataset(parseImportArguments(args), output)).rejects.toMatchObject({
      code: 'import-source-missing',
    })
    expect(existsSync(path)).toBe(false)
  })

  it('but the whole ones can all be imported', async () => {
    for (const format of [
      'coco',
      'yolo-seg',
      'davis',
      'youtube-vos',
      'sa-v',
      'cvat',
      'labelme',
      'png-masks',
    ] as const) {
      expect(await run(format, join(folder, 'whole', format)), format).toEqual({ code: 0, sentence: '' })
    }
    const store = await openProject(project)
    try {
      // One step each, which undo takes back whole.
      const objects = store.project().objects.length
      expect(store.undo()?.action).toBe('import.start')
      expect(store.project().objects).toHaveLength(objects - 1)
    } finally {
      store.close()
    }
  })

  it('a wrong name for what it is gets the right one as a hint', async () => {
    const { sentence } = await run('davis', join(folder, 'whole', 'sa-v'))
    expect(sentence).toContain('It looks like sa-v.')
  })
})
