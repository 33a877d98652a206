import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { encode } from 'fast-png'
import { afterAll, describe, expect, it } from 'vitest'
import type { ImportFormat } from '../../contract/import-options.ts'
import { labelPictureOf } from '../masks/label-picture.ts'
import { encodeIndexedPng, encodeMaskPng } from '../masks/png-writer.ts'
import { encodeRunLength, fullRunLength } from '../masks/run-length-mask.ts'
import { runLengthArea } from '../masks/run-length-measures.ts'
import { vocPalette } from '../masks/voc-palette.ts'
import { testFolder } from '../project/store-fixture.ts'
import type { ImportedLabels } from './imported-labels.ts'
import { readLabels } from './import-formats.ts'
import { placeFrames } from './place-frames.ts'

const { folder, remove } = testFolder()
afterAll(remove)

const size = { widthPx: 8, heightPx: 6 }
const whole = fullRunLength(size.heightPx, size.widthPx)

function put(path: string, content: string | Buffer | object): string {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  const isRaw = typeof content === 'string' || Buffer.isBuffer(content)
  writeFileSync(file, isRaw ? content : JSON.stringify(content))
  return file
}

function read(format: ImportFormat, path: string, sequence: string | null = null): Promise<ImportedLabels> {
  return readLabels(format, { path: join(folder, path), sequence, videoSize: size })
}

/** What was read, in a few words: object, class, frame, area. */
function summary({ objects, frames, masks }: ImportedLabels): unknown[] {
  return masks.map(({ object, frame, mask }) => [
    objects[object]!.name,
    objects[object]!.className,
    frames[frame]!.name ?? frames[frame]!.number,
    runLengthArea(mask),
  ])
}

const square = [1, 1, 4, 1, 4, 4, 1, 4]

describe('COCO', () => {
  const image = { id: 1, file_name: 'a.jpg', width: 8, height: 6 }

  it('counts objects of a category where nothing tells them apart, and says what has no segmentation', async () => {
    const annotation = { image_id: 1, category_id: 7, segmentation: [square] }
    put('coco/x.json', {
      images: [image],
      categories: [{ id: 7, name: 'cat' }],
      annotations: [
        { id: 1, ...annotation },
        { id: 2, ...annotation },
        { id: 3, ...annotation, segmentation: [] },
        { id: 4, ...annotation, image_id: 9 },
      ],
    })
    const labels = await read('coco', 'coco')
    expect(summary(labels)).toEqual([
      ['cat', 'cat', 'a', 9],
      ['cat 2', 'cat', 'a', 9],
    ])
    expect(labels.hasIdentities).toBe(false)
    expect(labels.skipped).toEqual([
      { what: 'annotation 3 of image 1', why: 'it has a box, but no segmentation' },
      { what: 'annotation 4 of image 9', why: 'there is no such image' },
    ])
  })

  it('joins the parts of a track on an image, and takes one film of several', async () => {
    const parts = { image_id: 1, category_id: 7, attributes: { track_id: 5 } }
    put('films/x.json', {
      images: [
        { ...image, video_id: 1 },
        { ...image, id: 2, file_name: 'b.jpg', video_id: 2 },
      ],
      videos: [
        { id: 1, name: 'one' },
        { id: 2, name: 'two' },
      ],
      categories: [{ id: 7, name: 'cat' }],
      annotations: [
        { ...parts, segmentation: [square] },
        { ...parts, segmentation: { size: [6, 8], counts: [0, 1, 47] } },
        { ...parts, image_id: 2, segmentation: [square] },
      ],
    })
    await expect(read('coco', 'films')).rejects.toThrow(
      'This data set holds 2 sequences: choose one of them (one, two).',
    )
    expect(summary(await read('coco', 'films', 'one'))).toEqual([['cat', 'cat', 'a', 10]])
    expect(summary(await read('coco', 'films', 'two'))).toEqual([['cat', 'cat', 'b', 9]])
    await expect(read('coco', 'films', 'three')).rejects.toMatchObject({ code: 'import-needs-sequence' })
  })
})

describe('YOLO', () => {
  it('takes outlines, passes boxes over, and needs to know the size', async () => {
    put('yolo/labels/train/f_3.txt', '1 0 0 1 0 1 1 0 1\n0 0.5 0.5 1 1\n')
    put('yolo/labels/train/f_4.txt', '')
    put('yolo/data.yaml', 'names: [dog, cat]\n')
    const labels = await read('yolo-seg', 'yolo')
    expect(summary(labels)).toEqual([['cat', 'cat', 'f_3', 48]])
    expect(labels.frames).toHaveLength(2)
    expect(labels.skipped).toEqual([{ what: 'f_3.txt, line 2', why: 'it is a box, not an outline' }])
    const unknown = readLabels('yolo-seg', { path: join(folder, 'yolo'), sequence: null, videoSize: null })
    await expect(unknown).rejects.toMatchObject({ code: 'import-needs-video' })
  })
})

describe('LabelMe', () => {
  it('joins shapes of a group, takes rectangles and little masks, passes points over', async () => {
    const shape = (shape_type: string, points: number[][], rest: object = {}): object => ({
      ...{ label: 'cat', group_id: null, shape_type, points },
      ...rest,
    })
    const png = await encodeMaskPng(fullRunLength(2, 3))
    put('labelme/a.json', {
      shapes: [
        shape(
          'polygon',
          [
            [0, 0],
            [2, 0],
            [2, 2],
            [0, 2],
          ],
          { group_id: 1 },
        ),
        shape(
          'rectangle',
          [
            [4, 4],
            [6, 6],
          ],
          { group_id: 1 },
        ),
        shape(
          'mask',
          [
            [5, 1],
            [7, 2],
          ],
          { label: 'dog', mask: png.toString('base64') },
        ),
        shape('point', [[1, 1]]),
        shape(
          'circle',
          [
            [3, 3],
            [3, 1.9],
          ],
          { label: 'ball' },
        ),
      ],
      ...{ imagePath: 'a.jpg', imageHeight: 6, imageWidth: 8 },
    })
    const labels = await read('labelme', 'labelme')
    expect(summary(labels)).toEqual([
      ['cat', 'cat', 'a', 8],
      ['dog', 'dog', 'a', 6],
      ['ball', 'ball', 'a', 4],
    ])
    expect(labels.skipped).toEqual([{ what: 'shape 3 (cat) of a', why: 'a point has no area' }])
  })
})

describe('CVAT', () => {
  it('takes tracks and images, joins groups, passes boxes over and hides what is outside', async () => {
    const points = '0,0;2,0;2,2;0,2'
    put(
      'cvat/a.xml',
      `<?xml version="1.0"?><annotations><meta><task><original_size><width>8</width><height>6</height></original_size></task></meta>
      <track id="0" label="cat" group_id="3"><polygon frame="5" outside="0" points="${points}"/><polygon frame="6" outside="1" points="${points}"/></track>
      <track id="1" label="cat" group_id="3"><polygon frame="5" outside="0" points="4,4;6,4;6,6;4,6"/></track>
      <track id="2" label="a &amp; b"><box frame="5" outside="0" xtl="0" ytl="0" xbr="1" ybr="1"/></track>
      </annotations>`,
    )
    const labels = await read('cvat', 'cvat')
    expect(summary(labels)).toEqual([['cat', 'cat', 5, 8]])
    expect(labels.skipped).toEqual([
      { what: 'box of a & b on frame 5', why: 'it is neither mask nor polygon' },
    ])
  })
})

describe('PNG', () => {
  it('takes a folder for each object, with soft edges cut at the middle', async () => {
    put('masks/left/00001.png', await encodeMaskPng(whole))
    put('masks/right/00001.png', await encodeMaskPng(whole))
    put('masks/right/00002.png', await encodeMaskPng(fullRunLength(6, 8)))
    expect(summary(await read('png-masks', 'masks'))).toEqual([
      ['left', null, '00001', 48],
      ['right', null, '00001', 48],
      ['right', null, '00002', 48],
    ])
  })

  it('of what track --palette wrote takes the folder for each object, where overlaps and names are', async () => {
    for (const name of ['left', 'right']) put(`tracked/masks/${name}/00000.png`, await encodeMaskPng(whole))
    const labels = labelPictureOf([{ label: 2, mask: whole }], size.heightPx, size.widthPx)
    put('tracked/palette/00000.png', await encodeIndexedPng(labels, vocPalette()))
    expect(summary(await read('png-masks', 'tracked'))).toEqual([
      ['left', null, '00000', 48],
      ['right', null, '00000', 48],
    ])
  })

  it('makes no objects of borders in VOC and of what MOTS ignores', async () => {
    const object = { label: 3, mask: encodeRunLength({ ...size, data: new Uint8Array(48).fill(1, 0, 20) }) }
    const border = {
      label: 255,
      mask: encodeRunLength({ ...size, data: new Uint8Array(48).fill(1, 20, 24) }),
    }
    const voc = labelPictureOf([object, border], size.heightPx, size.widthPx)
    put('voc/SegmentationObject/7.png', await encodeIndexedPng(voc, vocPalette()))
    const labels = await read('png-masks', 'voc')
    expect(summary(labels)).toEqual([['Object 3', null, '7', 20]])
    expect(labels.skipped).toEqual([{ what: 'label 255 of 7.png', why: 'VOC marks borders with it' }])
    const ids = new Uint16Array(48).fill(2001, 0, 20).fill(10_000, 20, 24)
    put(
      'mots/instances/000001.png',
      Buffer.from(encode({ width: 8, height: 6, depth: 16, channels: 1, data: ids })),
    )
    const mots = await read('png-masks', 'mots')
    expect(summary(mots)).toEqual([['Object 2001', null, '000001', 20]])
    expect(mots.skippedCount).toBe(1)
  })

  it('takes white on black as one object, named after its folder, and labels as many', async () => {
    put('white/7.png', await encodeMaskPng(whole))
    expect(summary(await read('png-masks', 'white'))).toEqual([['white', null, '7', 48]])
    const labels = labelPictureOf([{ label: 9, mask: whole }], size.heightPx, size.widthPx)
    put('labels/7.png', await encodeIndexedPng(labels, vocPalette()))
    expect(summary(await read('png-masks', 'labels'))).toEqual([['Object 9', null, '7', 48]])
  })
})

describe('DAVIS', () => {
  it('of several films takes the one that is named', async () => {
    for (const film of ['bear', 'camel']) {
      const labels = labelPictureOf([{ label: 1, mask: whole }], size.heightPx, size.widthPx)
      put(`davis/Annotations/480p/${film}/00000.png`, await encodeIndexedPng(labels, vocPalette()))
      put(`davis/JPEGImages/480p/${film}/00000.jpg`, '')
    }
    await expect(read('davis', 'davis')).rejects.toThrow('(bear, camel)')
    const { mediaPath } = await read('davis', 'davis', 'camel')
    expect(mediaPath).toBe(join(folder, 'davis/JPEGImages/480p/camel'))
  })
})

describe('frames are placed', () => {
  const film = { frameCount: 20, pictureNames: null }
  const frame = (name: string | null, number: number | null = null) => ({ name, number })

  it('by the name of the picture', () => {
    const pictureNames = ['a10.jpg', 'a20.jpg', 'a30.jpg']
    const frames = [frame('a30'), frame('a10'), frame('other')]
    expect(placeFrames(frames, { frameCount: 3, pictureNames }, null)).toEqual([2, 0, null])
  })

  it('by the number that is said, or in the name, or in order', () => {
    expect(placeFrames([frame('00007', 3), frame('00008', 4)], film, null)).toEqual([3, 4])
    expect(placeFrames([frame('img_00007'), frame('img_00012')], film, null)).toEqual([7, 12])
    expect(placeFrames([frame('a'), frame('b')], film, null)).toEqual([0, 1])
    expect(placeFrames([frame('x1'), frame('y1')], film, null)).toEqual([0, 1])
  })

  it('from the frame that is wanted on, as far as the video goes', () => {
    expect(placeFrames([frame('00100'), frame('00105')], film, 2)).toEqual([2, 7])
    expect(placeFrames([frame('00100'), frame('00105')], film, 18)).toEqual([18, null])
  })
})
