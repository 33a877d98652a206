import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sharedMaterial } from '../../test/fixtures/shared-material.ts'
import { maskwright } from '../../test/command-line.ts'
import { pictureFilm } from '../engine/export/dataset-fixture.ts'
import { formatFixture } from '../../test/fixtures/format-fixture.ts'
import { labelPictureOf } from '../engine/masks/label-picture.ts'
import { tracksFileSchema } from '../contract/tracks.ts'
import { addMasks, NO_SCORES } from '../engine/project/edits/mask-edits.ts'
import { addShot } from '../engine/project/edits/shot-edits.ts'
import { openProject } from '../engine/project/open-project.ts'
import { readPresentMasks } from '../engine/project/mask-reader.ts'
import { testFolder } from '../engine/project/store-fixture.ts'
import { exportDataset } from './export-command.ts'
import { parseExportArguments } from './export-arguments.ts'
import { importDataset } from './import-command.ts'
import { parseImportArguments } from './import-arguments.ts'

const { folder, remove } = testFolder()
const project = join(folder, 'film.maskwright')
const davis = fileURLToPath(sharedMaterial('formats/davis'))
/** The small copy of the fixture has no pictures, so the film gets its own. */
const film = join(folder, 'film')

beforeAll(async () => {
  await (await pictureFilm(film, { frames: 4, widthPx: 64, heightPx: 48 })).close()
  expect(await importInto(project, 'davis', davis, '--video', film)).toMatch(
    /: 7 masks of 2 objects on 4 frames of film$/,
  )
})
afterAll(remove)

async function importInto(file: string, ...args: string[]): Promise<string> {
  const lines: string[] = []
  const output = { say: (line: string) => lines.push(line), stop: new AbortController().signal }
  expect(await importDataset(parseImportArguments([...args, '--project', file]), output)).toBe(0)
  return lines.join('\n')
}

async function exportFrom(...args: string[]): Promise<string> {
  const lines: string[] = []
  const output = { say: (line: string) => lines.push(line), stop: new AbortController().signal }
  expect(await exportDataset(parseExportArguments(args), output)).toBe(0)
  return lines.join('\n')
}

/** Object ids of every pixel of every frame, as film.ids.u8 has them, by the objects' order. */
async function idsOf(file: string): Promise<Buffer> {
  const store = await openProject(file)
  try {
    const { videos, objects } = store.project()
    const { id: videoId, frameCount, widthPx, heightPx } = videos[0]!
    const { masks } = readPresentMasks(store, {
      videoId,
      objectIds: null,
      first: 0,
      last: frameCount - 1,
      limit: 100,
    })
    const frames = Array.from({ length: frameCount }, (_, frameIndex) => {
      const here = masks
        .filter((mask) => mask.frameIndex === frameIndex)
        .map(({ objectId, mask }) => ({ label: objects.findIndex(({ id }) => id === objectId) + 1, mask }))
      return labelPictureOf(here, heightPx, widthPx).labels
    })
    return Buffer.concat(frames)
  } finally {
    store.close()
  }
}

describe('davis imported, exported and imported again equals film.ids.u8 by way of', () => {
  it.each([
    ['davis', 'davis', ''],
    ['youtube-vos', 'youtube-vos', ''],
    ['youtube-vos', 'youtube-vos', '--pictures'],
    ['png-masks', 'png-masks', ''],
    ['mots', 'png-masks', ''],
    ['coco', 'coco', ''],
    ['coco', 'coco', '--polygons'],
    ['yolo-seg', 'yolo-seg', ''],
    ['yolo-seg', 'yolo-seg', '--pictures'],
    ['sa-v', 'sa-v', ''],
    ['cvat', 'cvat', ''],
    ['cvat', 'cvat', '--polygons'],
    ['labelme', 'labelme', ''],
    ['labelme', 'labelme', '--pictures'],
  ])('%s read as %s %s', async (format, importFormat, option) => {
    const out = join(folder, 'out', format + option)
    const options = option === '' ? [] : [option]
    const said = await exportFrom(project, '--format', format, '--out', out, ...options)
    expect(said).toMatch(/4 frames in, 4 (pictures )?out/)
    const again = join(folder, `${format}${option}.maskwright`)
    const video = option === '--pictures' ? [] : ['--video', film]
    await importInto(again, importFormat, out, ...video)
    expect(await idsOf(again)).toEqual(formatFixture('film.ids.u8'))
  })

  it('another project', async () => {
    const again = join(folder, 'copy.maskwright')
    await importInto(again, 'maskwright', project)
    expect(await idsOf(again)).toEqual(formatFixture('film.ids.u8'))
  })
})

it('tracks of a project say how suspect a mask is and where shots begin', async () => {
  const marked = join(folder, 'marked.maskwright')
  await importInto(marked, 'maskwright', project)
  const store = await openProject(marked)
  const { videos, objects } = store.project()
  const [videoId, objectId] = [videos[0]!.id, objects[0]!.id]
  const { masks } = readPresentMasks(store, {
    ...{ videoId, objectIds: [objectId], first: 0, last: 0, limit: 1 },
  })
  const scores = { ...NO_SCORES, suspicion: 0.75 }
  const origin = { videoId, origin: 'import', model: null } as const
  addMasks(store, origin, [{ objectId, frameIndex: 0, mask: masks[0]!.mask, scores }], 'import:marked')
  addShot(store, videoId, 2)
  addShot(store, videoId, 3)
  store.close()
  const out = join(folder, 'out', 'marked')
  await exportFrom(marked, '--format', 'tracks-json', '--out', out, '--range', '0:2')
  const tracks = tracksFileSchema.parse(JSON.parse(readFileSync(join(out, 'tracks.json'), 'utf8')))
  expect(tracks.shots).toEqual([2])
  const suspicions = tracks.frames.map(
    (frame) => frame.objects.find((one) => one.objectId === objectId)!.suspicion,
  )
  expect(suspicions).toEqual([0.75, null, null])
})

it('tracks of a project that knows of no shot do not say that there is none', async () => {
  const out = join(folder, 'out', 'unmarked')
  await exportFrom(project, '--format', 'tracks-json', '--out', out, '--range', '0:2')
  const tracks = tracksFileSchema.parse(JSON.parse(readFileSync(join(out, 'tracks.json'), 'utf8')))
  expect(tracks.shots).toBeNull()
})

describe('the commands as they are written', () => {
  it('import and export in processes of their own', async () => {
    const file = join(folder, 'process.maskwright')
    const imported = await maskwright('import', 'davis', davis, '--project', file, '--video', film)
    expect(imported.code, imported.errors).toBe(0)
    const out = join(folder, 'process')
    const exported = await maskwright(
      'export',
      file,
      '--format',
      'coco',
      '--out',
      out,
      '--range',
      '0:2',
      '--step',
      '2',
    )
    expect(exported.code, exported.errors).toBe(0)
    expect(exported.output).toContain('instances_film.json: 2 frames in, 2 out; 3 masks in, 3 out')
    const { images } = JSON.parse(readFileSync(join(out, 'annotations/instances_film.json'), 'utf8'))
    expect(
      images.map((image: Record<string, unknown>) => [image['frame_number'], image['time_seconds']]),
    ).toEqual([
      [0, 0],
      [2, 0.066667],
    ])
  })

  it('take objects by name and refuse names that are not there', async () => {
    const out = join(folder, 'one')
    await exportFrom(project, '--format', 'sa-v', '--out', out, '--objects', 'Object 2')
    expect(JSON.parse(readFileSync(join(out, 'film_manual.json'), 'utf8')).masklet_name).toEqual(['Object 2'])
    const wrong = exportFrom(project, '--format', 'sa-v', '--out', out, '--objects', 'Nobody')
    await expect(wrong).rejects.toThrow(
      'There is no object named "Nobody"; the project has Object 1, Object 2.',
    )
  })

  it('do not replace what lies there unless they are told to', async () => {
    const out = join(folder, 'twice')
    const args = [project, '--format', 'davis', '--out', out]
    await exportFrom(...args)
    await expect(exportFrom(...args)).rejects.toMatchObject({ code: 'export-exists' })
    await exportFrom(...args, '--overwrite', '--range', '1:2')
    expect(readdirSync(join(out, 'Annotations/480p/film'))).toEqual(['00001.png', '00002.png'])
  })

  it('import onto a later frame, as prompts, with what does not fit reported', async () => {
    const file = join(folder, 'later.maskwright')
    const said = await importInto(
      file,
      'davis',
      davis,
      '--video',
      film,
      '--first-frame',
      '2',
      '--as',
      'prompts',
    )
    expect(said).toContain('4 masks of 2 objects on 2 frames of film')
    expect(said).toContain('Object 1 on frame 00002: the video has no such frame')
    const store = await openProject(file)
    try {
      const { prompts, history } = store.project()
      expect(prompts.map(({ kind, frameIndex }) => [kind, frameIndex])).toEqual([
        ['mask', 2],
        ['mask', 2],
        ['mask', 3],
        ['mask', 3],
      ])
      expect(history.undo?.action).toBe('import.start')
      store.undo()
      const { videos, objects, classes, spans } = store.project()
      expect([videos, objects, classes, spans]).toEqual([[], [], [], []])
    } finally {
      store.close()
    }
  })

  it('keep holes of any size, which tracked masks would lose to the usual tidying', async () => {
    const store = await openProject(project)
    expect(store.project().objects.map(({ cleanup }) => cleanup.fillHolesArea)).toEqual([0, 0])
    store.close()
  })
})
