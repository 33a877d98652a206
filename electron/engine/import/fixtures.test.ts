import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { hasSharedMaterial, sharedMaterial } from '../../../test/fixtures/shared-material.ts'
import type { ImportFormat } from '../../contract/import-options.ts'
import { exportMasksOf, importedMasks } from '../export/dataset-fixture.ts'
import { formatFixture, formatFixtureList } from '../../../test/fixtures/format-fixture.ts'
import { maskOfLabel } from '../masks/label-picture.ts'
import { testFolder } from '../project/store-fixture.ts'
import { openVideo } from '../video/open-video.ts'
import { readLabels } from './import-formats.ts'

const { folder, remove } = testFolder()
afterAll(remove)

const film = { frameCount: 4, widthPx: 64, heightPx: 48 }

/** The fixtures' film, as masks by label. */
function filmMasks(nameOf: (label: number) => string): Map<string, string>[] {
  const ids = formatFixture('film.ids.u8')
  const pixels = film.widthPx * film.heightPx
  return Array.from({ length: film.frameCount }, (_, frame) => {
    const labels = new Uint8Array(ids.subarray(frame * pixels, (frame + 1) * pixels))
    const present = [1, 2].filter((label) => labels.includes(label))
    return new Map(present.map((label) => [nameOf(label), maskOfLabel({ ...film, labels }, label).counts]))
  })
}

const byClass = (label: number): string => (label === 1 ? 'ring' : 'box')
const byLabel = (label: number): string => `Object ${label}`
const cases: { format: ImportFormat; path: string; nameOf: (label: number) => string }[] = [
  { format: 'davis', path: 'davis', nameOf: byLabel },
  { format: 'davis', path: 'davis/Annotations/480p/film', nameOf: byLabel },
  { format: 'youtube-vos', path: 'youtube-vos', nameOf: byClass },
  { format: 'youtube-vos', path: 'youtube-vos/train', nameOf: byClass },
  { format: 'coco', path: 'coco_instances', nameOf: byClass },
  { format: 'coco', path: 'coco_instances/annotations/instances_train.json', nameOf: byClass },
  { format: 'cvat', path: 'cvat', nameOf: byClass },
  { format: 'cvat', path: 'cvat/train.xml', nameOf: byClass },
  { format: 'png-masks', path: 'mots_png', nameOf: byClass },
  { format: 'png-masks', path: 'voc_segmentation', nameOf: byLabel },
]

describe('what the formats’ own tools wrote is read exactly:', () => {
  const here = cases.filter(({ path }) => hasSharedMaterial(`formats/${path}`))
  it.each(here)('$format from $path', async ({ format, path, nameOf }) => {
    const source = fileURLToPath(sharedMaterial(`formats/${path}`))
    const { labels, byFrame } = await importedMasks(format, source, film)
    expect(byFrame).toEqual(filmMasks(nameOf))
    expect(labels.skipped).toEqual([])
  })

  it('strings of pycocotools pass through COCO byte for byte', async () => {
    interface Entry {
      height: number
      width: number
      counts: string
    }
    const entries = formatFixtureList<Entry>('rle.json').filter(({ counts }) => counts !== '')
    const content = {
      images: entries.map(({ height, width }, id) => ({ id, file_name: `${id}.png`, height, width })),
      annotations: entries.map(({ height, width, counts }, id) => ({
        ...{ id, image_id: id, category_id: 1, track_id: 1 },
        segmentation: { size: [height, width], counts },
      })),
      categories: [{ id: 1, name: 'thing' }],
    }
    const path = join(folder, 'rle.json')
    writeFileSync(path, JSON.stringify(content))
    const { masks } = await readLabels('coco', { path, sequence: null, videoSize: null })
    const read = new Map(masks.map(({ frame, mask }) => [frame, mask.counts]))
    const withPixels = entries.flatMap(({ counts }, id) => (read.has(id) ? [[id, counts] as const] : []))
    expect([...read]).toEqual(withPixels)
    expect(read.size).toBeGreaterThan(entries.length / 2)
  })

  it('polygons are filled as pycocotools fills them', async () => {
    interface Entry {
      height: number
      width: number
      polygon: number[]
      counts: string
      area: number
    }
    const entries = formatFixtureList<Entry>('polygons.json').filter(({ area }) => area > 0)
    const content = {
      images: entries.map(({ height, width }, id) => ({ id, file_name: `${id}.png`, height, width })),
      annotations: entries.map(({ polygon }, id) => ({
        ...{ id, image_id: id, category_id: 1, segmentation: [polygon] },
      })),
      categories: [{ id: 1, name: 'thing' }],
    }
    const path = join(folder, 'polygons.json')
    writeFileSync(path, JSON.stringify(content))
    const { masks } = await readLabels('coco', { path, sequence: null, videoSize: null })
    expect(masks.map(({ mask }) => mask.counts)).toEqual(entries.map(({ counts }) => counts))
  })
})

describe.runIf(hasSharedMaterial('formats/sa-v'))('a real SA-V file', () => {
  it('is read on every fourth frame and written again with the same strings and statistics', async () => {
    const path = fileURLToPath(sharedMaterial('formats/sa-v/sav_000001_manual.json'))
    const original = JSON.parse(readFileSync(path, 'utf8'))
    const labels = await readLabels('sa-v', { path, sequence: null, videoSize: null })
    expect(labels.objects).toHaveLength(5)
    expect(labels.frames.map(({ number }) => number)).toEqual(Array.from({ length: 121 }, (_, i) => i * 4))

    const clip = join(folder, 'sav_000001.mp4')
    execFileSync('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'color=gray:size=480x848:rate=24', '-frames:v', '483'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', clip],
    ])
    const source = await openVideo(clip, { checkEveryFrame: false })
    try {
      const masks = Array.from({ length: 483 }, () => labels.objects.map(() => null as never))
      for (const { frame, object, mask } of labels.masks) masks[frame * 4]![object] = mask as never
      const objects = labels.objects.map(({ name }, index) => ({
        ...{ objectId: index, name, colour: '#4db8ff', className: null },
      }))
      const selection = { range: { first: 0, last: 482 }, step: 4 }
      const target = { format: 'sa-v' } as const
      await exportMasksOf({ source, masks, objects, target, outputFolder: join(folder, 'sa-v'), selection })
    } finally {
      await source.close()
    }
    const [file] = readdirSync(join(folder, 'sa-v'))
    const written = JSON.parse(readFileSync(join(folder, 'sa-v', file!), 'utf8'))
    const same = [
      ...['masklet', 'masklet_id', 'masklet_size_rel', 'masklet_size_abs', 'masklet_size_bucket'],
      ...[
        'masklet_visibility_changes',
        'masklet_first_appeared_frame',
        'masklet_frame_count',
        'masklet_type',
      ],
      ...[
        'masklet_num',
        'video_frame_count',
        'video_height',
        'video_width',
        'video_resolution',
        'video_duration',
      ],
    ]
    for (const key of same) expect(written[key], key).toEqual(original[key])
  })
})
