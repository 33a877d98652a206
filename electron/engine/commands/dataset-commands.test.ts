import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sharedMaterial } from '../../../test/fixtures/shared-material.ts'
import type { ExportProgress, ExportRequest, ExportTarget } from '../../contract/export-options.ts'
import { startTestEngine, testDataFolder, type TestEngine } from '../engine-fixture.ts'
import { pictureFilm } from '../export/dataset-fixture.ts'

const davis = fileURLToPath(sharedMaterial('formats/davis'))

describe('import and export through the engine', () => {
  const data = testDataFolder()
  let engine: TestEngine
  let videoId: number

  beforeAll(async () => {
    const film = join(data.folder, 'film')
    await (await pictureFilm(film, { frames: 4, widthPx: 64, heightPx: 48 })).close()
    engine = await startTestEngine(data.folder)
    await engine.call('project.create', { fileToken: null, name: 'Labels' })
    const { videoIds } = await engine.call('video.add', {
      fileTokens: [engine.grant(film, 'addImageFolder')],
    })
    videoId = videoIds[0]!
  })
  afterAll(async () => {
    await engine.hosted.close()
    data.remove()
  })

  const selection = (): ExportRequest['selection'] => ({
    ...{ videoId, objectIds: null, classIds: null, first: null, last: null, step: 1, numberingStart: null },
  })

  async function exportTo(folder: string, target: ExportTarget, overwrite = false): Promise<ExportProgress> {
    const ended = engine.next(
      'export.progress',
      ({ state }) => !['waiting', 'running', 'checking'].includes(state),
    )
    const destination = engine.grant(folder, 'exportFolder')
    await engine.call('export.start', { selection: selection(), target, destination, overwrite })
    return ended
  }

  it('imports onto a video in one step that undo takes back', async () => {
    const source = engine.grant(davis, 'importFolder')
    const request = { format: 'davis', source, videoId, firstFrame: 0, as: 'tracks' } as const
    const { report } = await engine.call('import.start', request, 'one')
    expect(report).toMatchObject({ framesImported: 4, masksImported: 7, skipped: [], skippedCount: 0 })
    expect((await engine.call('project.current', {})).project!.objects).toHaveLength(2)
    await engine.call('history.undo', {})
    expect((await engine.call('project.current', {})).project!.objects).toHaveLength(0)
    await engine.call('history.redo', {})
    expect((await engine.call('project.current', {})).project!.objects).toHaveLength(2)
  })

  it('leaves the project alone when the data cannot be read', async () => {
    const before = (await engine.call('project.current', {})).project!.revision
    const source = engine.grant(davis, 'importFolder')
    const request = { format: 'coco', source, videoId, firstFrame: 0, as: 'tracks' } as const
    await expect(engine.call('import.start', request)).rejects.toMatchObject({
      code: 'import-not-this-format',
    })
    expect((await engine.call('project.current', {})).project!.revision).toBe(before)
  })

  it('exports with progress and a report, and not over what is there', async () => {
    const folder = join(data.folder, 'out')
    const target: ExportTarget = { format: 'coco', segmentation: 'rle' }
    const ended = await exportTo(folder, target)
    expect(ended).toMatchObject({ state: 'finished', framesDone: 4, framesTotal: 4, failure: null })
    expect(ended.report).toBe('instances_film.json: 4 frames in, 4 out; 7 masks in, 7 out')
    expect(ended.output).not.toBeNull()
    const { annotations } = JSON.parse(readFileSync(join(folder, 'annotations/instances_film.json'), 'utf8'))
    expect(annotations).toHaveLength(7)
    await expect(exportTo(folder, target)).rejects.toMatchObject({ code: 'export-exists' })
    expect((await exportTo(folder, target, true)).state).toBe('finished')
  })

  it('tells of an export that fails on its way', async () => {
    const folder = join(data.folder, 'film', '00000.png', 'x')
    expect(await exportTo(folder, { format: 'davis' })).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('cannot be written'),
    })
  })

  it('stops an export and leaves nothing of it', async () => {
    const folder = join(data.folder, 'stopped')
    const ended = engine.next('export.progress', ({ state }) => state === 'cancelled')
    const destination = engine.grant(folder, 'exportFolder')
    const target: ExportTarget = { format: 'labelme', frames: true }
    const request = { selection: selection(), target, destination, overwrite: false }
    const { exportId } = await engine.call('export.start', request)
    await engine.call('export.cancel', { exportId })
    await ended
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([])
  })

  it('previews pictures, films and texts', async () => {
    const preview = (target: ExportTarget) =>
      engine.call('export.preview', { selection: selection(), target })
    const picture = await preview({ format: 'davis' })
    expect([picture.frameIndex, picture.text]).toEqual([0, null])
    expect(Buffer.from(picture.png!, 'base64').toString('latin1', 1, 4)).toBe('PNG')
    const film = await preview({ format: 'green-screen', background: '#00b140' })
    expect(film.png).not.toBeNull()
    const text = await preview({ format: 'cvat', shapes: 'polygon' })
    expect(text.png).toBeNull()
    expect(text.text).toContain('<polygon frame="0"')
  })

  it('lists the formats, and had no defects', async () => {
    const { formats } = await engine.call('export.formats', {})
    expect(formats.map(({ format }) => format)).toContain('coco')
    expect(engine.defects).toEqual([])
  })
})
