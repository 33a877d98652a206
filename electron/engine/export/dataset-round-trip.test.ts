import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExportTarget } from '../../contract/export-options.ts'
import type { ImportFormat } from '../../contract/import-options.ts'
import type { RunLengthMask } from '../../contract/mask.ts'
import { arbitraryMaskOf } from '../masks/mask-arbitrary.ts'
import { encodeRunLength, fullRunLength } from '../masks/run-length-mask.ts'
import { isRunLengthEmpty, runLengthBox } from '../masks/run-length-measures.ts'
import { subtractRunLength } from '../masks/run-length-sets.ts'
import { testFolder } from '../project/store-fixture.ts'
import type { VideoSource } from '../video/video-source.ts'
import { exportMasksOf, importedMasks, pictureFilm, testObjects, type FilmMasks } from './dataset-fixture.ts'

const { folder, remove } = testFolder()
const size = { frames: 3, widthPx: 19, heightPx: 13 }
const objectCount = 3
let source: VideoSource

beforeAll(async () => {
  source = await pictureFilm(join(folder, 'pictures'), size)
})
afterAll(async () => {
  await source.close()
  remove()
})

const film: fc.Arbitrary<FilmMasks> = fc.array(
  fc.array(fc.option(arbitraryMaskOf(size.widthPx, size.heightPx).map(encodeRunLength)), {
    minLength: objectCount,
    maxLength: objectCount,
  }),
  { minLength: size.frames, maxLength: size.frames },
)

/** Where pictures of labels are written, later objects cover earlier ones. */
function withoutOverlaps(masks: FilmMasks): FilmMasks {
  return masks.map((frame) =>
    frame.map((mask, index) =>
      frame
        .slice(index + 1)
        .reduce<RunLengthMask | null>(
          (left, later) => (left === null || later === null ? left : subtractRunLength(left, later)),
          mask,
        ),
    ),
  )
}

function expected(masks: FilmMasks, nameOf: (index: number) => string): Map<string, string>[] {
  return masks.map(
    (frame) =>
      new Map(
        frame.flatMap((mask, index) =>
          mask === null || isRunLengthEmpty(mask) ? [] : [[nameOf(index), mask.counts] as const],
        ),
      ),
  )
}

const named = (index: number): string => `thing ${index + 1}`
const labelled = (index: number): string => `Object ${index + 1}`

const cases: {
  target: ExportTarget
  format: ImportFormat
  within?: string
  holdsOverlaps: boolean
  nameOf: (index: number) => string
}[] = [
  { target: { format: 'coco', segmentation: 'rle' }, format: 'coco', holdsOverlaps: true, nameOf: named },
  { target: { format: 'coco', segmentation: 'polygon' }, format: 'coco', holdsOverlaps: true, nameOf: named },
  { target: { format: 'yolo-seg', frames: false }, format: 'yolo-seg', holdsOverlaps: true, nameOf: named },
  { target: { format: 'davis' }, format: 'davis', holdsOverlaps: false, nameOf: labelled },
  {
    target: { format: 'youtube-vos', frames: true },
    format: 'youtube-vos',
    holdsOverlaps: false,
    nameOf: named,
  },
  { target: { format: 'sa-v' }, format: 'sa-v', holdsOverlaps: true, nameOf: named },
  { target: { format: 'cvat', shapes: 'mask' }, format: 'cvat', holdsOverlaps: true, nameOf: named },
  { target: { format: 'cvat', shapes: 'polygon' }, format: 'cvat', holdsOverlaps: true, nameOf: named },
  { target: { format: 'labelme', frames: false }, format: 'labelme', holdsOverlaps: true, nameOf: named },
  { target: { format: 'png-masks' }, format: 'png-masks', holdsOverlaps: true, nameOf: named },
]

describe('masks come back from', () => {
  it.each(cases)('$target', async ({ target, format, holdsOverlaps, nameOf }) => {
    await fc.assert(
      fc.asyncProperty(film, async (drawn) => {
        const masks = holdsOverlaps ? drawn : withoutOverlaps(drawn)
        const outputFolder = join(folder, 'out')
        rmSync(outputFolder, { recursive: true, force: true })
        const objects = testObjects(objectCount)
        const { report } = await exportMasksOf({ source, masks, objects, target, outputFolder })
        expect(report.framesOut).toBe(size.frames)
        const { byFrame } = await importedMasks(format, outputFolder, source)
        expect(byFrame).toEqual(expected(masks, nameOf))
      }),
      { numRuns: 20 },
    )
  })

  it('MOTS, whose pictures are read as labels', async () => {
    await fc.assert(
      fc.asyncProperty(film, async (drawn) => {
        const masks = withoutOverlaps(drawn)
        const outputFolder = join(folder, 'out')
        rmSync(outputFolder, { recursive: true, force: true })
        const objects = testObjects(objectCount)
        await exportMasksOf({ source, masks, objects, target: { format: 'mots' }, outputFolder })
        const { byFrame } = await importedMasks('png-masks', outputFolder, source)
        expect(byFrame).toEqual(expected(masks, named))
        const lines = readFileSync(join(outputFolder, 'instances_txt/film.txt'), 'utf8').trim()
        const fromText = masks.map(() => new Map<string, string>())
        for (const line of lines === '' ? [] : lines.split('\n')) {
          const [frame, id, , , , counts] = line.split(' ')
          fromText[Number(frame) - 1]!.set(named((Number(id) % 1000) - 1), counts!)
        }
        expect(fromText).toEqual(expected(masks, named))
      }),
      { numRuns: 10 },
    )
  })
})

describe('a selection', () => {
  const whole = fullRunLength(size.heightPx, size.widthPx)
  const masks = Array.from({ length: size.frames }, () => [whole, whole, whole])
  const selection = { range: { first: 0, last: 2 }, step: 2 }

  it.each(cases)(
    'of every second frame with numbers from 1001 finds its frames again: $target',
    async (one) => {
      const outputFolder = join(folder, 'selected')
      rmSync(outputFolder, { recursive: true, force: true })
      const objects = testObjects(1)
      const rest = { selection, numberingStart: 1001 }
      await exportMasksOf({ source, masks, objects, target: one.target, outputFolder, ...rest })
      const { byFrame } = await importedMasks(one.format, outputFolder, source)
      expect(byFrame.map((frame) => [...frame.values()])).toEqual([[whole.counts], [], [whole.counts]])
    },
  )
})

describe('CVAT', () => {
  const whole = fullRunLength(size.heightPx, size.widthPx)
  const masks = Array.from({ length: size.frames }, () => [whole])
  const selection = { range: { first: 0, last: 1 }, step: 1 }

  it.each(['mask', 'polygon'] as const)(
    'says that nothing is seen behind the exported range: %s',
    async (shapes) => {
      const outputFolder = join(folder, `cvat-range-${shapes}`)
      const target: ExportTarget = { format: 'cvat', shapes }
      await exportMasksOf({ source, masks, objects: testObjects(1), target, outputFolder, selection })
      const text = readFileSync(join(outputFolder, 'annotations.xml'), 'utf8')
      const seen = [...text.matchAll(/ frame="(\d+)" keyframe="1" outside="(\d)"/g)].map(
        ([, ...pair]) => pair,
      )
      expect(seen).toEqual([
        ['0', '0'],
        ['1', '0'],
        ['2', '1'],
      ])
    },
  )

  it('has the source’s frame numbers, whatever number files begin with', async () => {
    const outputFolder = join(folder, 'cvat-numbers')
    const target: ExportTarget = { format: 'cvat', shapes: 'mask' }
    const late = { range: { first: 1, last: 2 }, step: 1 }
    await exportMasksOf({
      ...{ source, masks, objects: testObjects(1), target, outputFolder },
      ...{ selection: late, numberingStart: -1 },
    })
    const { labels } = await importedMasks('cvat', outputFolder, source)
    expect(labels.frames.map(({ number }) => number)).toEqual([1, 2])
  })
})

describe('YOLO', () => {
  it('leaves it to the reader to look beside the description', async () => {
    const outputFolder = join(folder, 'yolo')
    const target: ExportTarget = { format: 'yolo-seg', frames: false }
    await exportMasksOf({ source, masks: [], objects: testObjects(1), target, outputFolder })
    expect(readFileSync(join(outputFolder, 'data.yaml'), 'utf8')).toBe(
      'train: images/train\nval: images/train\nnames:\n  0: thing 1\n',
    )
  })
})

describe('tables', () => {
  it('MOT has the boxes, counted from 1', async () => {
    const mask = encodeRunLength({
      widthPx: size.widthPx,
      heightPx: size.heightPx,
      data: Uint8Array.from({ length: size.widthPx * size.heightPx }, (_, i) => (i % 31 === 7 ? 1 : 0)),
    })
    const outputFolder = join(folder, 'mot')
    const target: ExportTarget = { format: 'mot' }
    await exportMasksOf({
      source,
      masks: [[], [null, mask], []],
      objects: testObjects(2),
      target,
      outputFolder,
    })
    const { leftPx, topPx, widthPx, heightPx } = runLengthBox(mask)!
    expect(readFileSync(join(outputFolder, 'gt/gt.txt'), 'utf8')).toBe(
      `2,2,${leftPx + 1},${topPx + 1},${widthPx},${heightPx},1,2,1\n`,
    )
    expect(readFileSync(join(outputFolder, 'frames.csv'), 'utf8').split('\n')[2]).toBe(
      '00002,1,0.033333,00001.png',
    )
  })

  it('CSV has a line for every object on every frame, whatever its name is', async () => {
    const outputFolder = join(folder, 'csv')
    const objects = testObjects(2, true).map((object) => ({ ...object, name: 'a "b", c,1,2' }))
    const whole = fullRunLength(size.heightPx, size.widthPx)
    const target: ExportTarget = { format: 'tracks-csv' }
    await exportMasksOf({ source, masks: [[whole], [], [null, whole]], objects, target, outputFolder })
    const lines = readFileSync(join(outputFolder, 'tracks.csv'), 'utf8').trim().split('\n')
    expect(lines).toHaveLength(1 + size.frames * 2)
    expect(lines[1]).toBe('0,0,1,"a ""b"", c,1,2",class 1,1,0,0,19,13,247,9.5,6.5,,')
    expect(lines[2]).toBe('0,0,2,"a ""b"", c,1,2",class 2,0,,,,,0,,,,')
  })
})

describe('the closing check', () => {
  it('says how many masks lie under others', async () => {
    const whole = fullRunLength(size.heightPx, size.widthPx)
    const { report } = await exportMasksOf({
      ...{ source, masks: [[whole, whole]], objects: testObjects(2), target: { format: 'davis' } },
      outputFolder: join(folder, 'covered'),
    })
    expect(report.sentences).toEqual([
      'film: 3 frames in, 3 out; 2 masks in, 1 out. Masks wholly under others, which pictures cannot hold: 1',
    ])
  })
})
