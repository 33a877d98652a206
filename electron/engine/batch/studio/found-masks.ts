import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, parse } from 'node:path'
import { tracksFileSchema, type TrackEntry } from '../../../contract/tracks.ts'
import { safeFileName } from '../../export/file-names.ts'
import { decodePngLabels } from '../../masks/png-reader.ts'
import { encodeRunLength } from '../../masks/run-length-mask.ts'
import { NO_SCORES, type NewMask } from '../../project/edits/mask-edits.ts'
import { collectResult } from '../run/collect-result.ts'
import type { JobResult } from '../run/job-result.ts'
import type { ResultStore } from '../store/result-store.ts'

/** What a job must write so that its masks can be taken back into a project. */
export const TAKEN_OUTPUTS = ['tracks-json', 'mask-png'] as const

/**
 * The masks of a result with the model's scores, frame by frame. Whether a frame is suspect is not part of a result.
 * @param objectIds the project's numbers of the job's objects, in the job's order
 * @throws StoredFileMissing, StoreUnavailable, and what reading a result that is none throws
 */
export async function foundMasks(
  store: ResultStore,
  result: JobResult,
  objectIds: readonly number[],
): Promise<NewMask[]> {
  const folder = await mkdtemp(join(tmpdir(), 'maskwright-result-'))
  try {
    await collectResult(store, result, folder)
    const text = await readFile(join(folder, 'tracks.json'), 'utf8')
    const { objects, frames } = tracksFileSchema.parse(JSON.parse(text))
    const entries = new Map<string, TrackEntry>()
    for (const { frame, objects: found } of frames)
      for (const entry of found) entries.set(`${entry.objectId} ${frame}`, entry)
    const masks: NewMask[] = []
    for (const [index, object] of objects.entries()) {
      const objectId = objectIds[index]
      if (objectId === undefined) continue
      const pictures = join(folder, 'masks', safeFileName(object.folder, 'object'))
      for (const name of (await readdir(pictures)).sort()) {
        const frameIndex = Number(parse(name).name)
        const entry = entries.get(`${object.objectId} ${frameIndex}`)
        const { widthPx, heightPx, labels } = decodePngLabels(await readFile(join(pictures, name)))
        const data = Uint8Array.from(labels, (label) => (label === 0 ? 0 : 1))
        masks.push({
          ...{ objectId, frameIndex, mask: encodeRunLength({ widthPx, heightPx, data }) },
          scores: {
            ...NO_SCORES,
            objectScore: entry?.objectScore ?? null,
            predictedIou: entry?.predictedIou ?? null,
          },
        })
      }
    }
    return masks
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
