import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { readPresentMasks } from '../../project/mask-reader.ts'
import { openProject } from '../../project/open-project.ts'
import type { ProjectStore } from '../../project/project-store.ts'
import { locateVideo } from '../../project/video-location.ts'
import { chooseSequence } from '../choose-sequence.ts'
import { ImportNotThisFormat } from '../import-errors.ts'
import type { ImportedLabels, ImportSource, LabelReader } from '../imported-labels.ts'
import { LabelCollector } from '../label-collector.ts'
import { kindOfPath } from '../read-source.ts'

const masksAtOnce = 2_000

/**
 * Another Maskwright project: its objects, classes, colours and the masks that are present. It is read from a copy, so
 * that the project itself is not touched and may be open elsewhere.
 */
export const maskwright: LabelReader = {
  async detect(path) {
    return path.endsWith('.maskwright')
  },
  async read(source) {
    if ((await kindOfPath(source.path)) === 'folder')
      throw new ImportNotThisFormat(source.path, 'Maskwright', 'it is a folder, not a project file')
    const folder = await mkdtemp(join(tmpdir(), 'maskwright-import-'))
    try {
      const copy = join(folder, basename(source.path))
      await copyFile(source.path, copy)
      const store = await openProject(copy)
      try {
        return await labelsOf(store, source)
      } finally {
        store.close()
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

async function labelsOf(store: ProjectStore, { path, sequence }: ImportSource): Promise<ImportedLabels> {
  const { objects, classes, videos, prompts } = store.project()
  const collector = new LabelCollector()
  for (const notice of store.notices) collector.skip('a part of the project', notice)
  if (videos.length === 0) return collector.labels(null)
  const video = chooseSequence(new Map(videos.map((one) => [one.name, one])), sequence)
  const classNames = new Map(classes.map(({ id, name }) => [id, name]))
  const places = new Map(
    objects.map(({ id, name, colour, classId }) => [
      id,
      collector.object(String(id), () => ({
        ...{ name, colour },
        className: classId === null ? null : (classNames.get(classId) ?? null),
      })),
    ]),
  )
  const range = { videoId: video.id, objectIds: null, last: video.frameCount - 1, limit: masksAtOnce }
  for (let first: number | null = 0; first !== null;) {
    const { masks, nextFrame } = readPresentMasks(store, { ...range, first })
    for (const { frameIndex, objectId, mask, ...rest } of masks) {
      const { objectScore, predictedIou, stability, suspicion, suspectReasons } = rest
      const frame = collector.frame(frameIndex, () => ({ name: null, number: frameIndex }))
      const scores = { objectScore, predictedIou, stability, suspicion, suspectReasons }
      collector.add(frame, places.get(objectId)!, mask, scores)
    }
    first = nextFrame
  }
  const points = prompts.filter(({ kind }) => kind !== 'mask').length
  if (points > 0)
    collector.skip(`${points} points and boxes`, 'masks are imported, not the prompts they came from')
  const file = store.records.get('videoFiles', video.id)!
  const { link, path: videoPath } = await locateVideo(dirname(path), file)
  return collector.labels(link === 'linked' ? videoPath : null)
}
