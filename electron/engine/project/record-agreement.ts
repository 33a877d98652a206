import { LIMITS } from '../../contract/limits.ts'
import { MAX_VERSION_ID } from './mask-table.ts'
import type { Meta } from './meta-table.ts'
import { ProjectTooLargeError } from './project-errors.ts'
import type { ProjectRecords } from './project-records.ts'
import { PLACED_NAMES, placeOf } from './record-reader.ts'
import { collectionNames } from './stored-records.ts'

/**
 * Whether the records fit each other: whatever one refers to is there and of the same place, and numbers that are still
 * to be given are free. Each record may be as it was written, and the file still be made by hand or by a faulty copy.
 * @throws ProjectTooLargeError for more records than the app could answer with
 */
export function recordsAgree(records: ProjectRecords, { nextId }: Meta): boolean {
  for (const name of ['videos', 'objects', 'classes', 'prompts'] as const) {
    if (records.count(name) > LIMITS[name]) throw new ProjectTooLargeError(name, LIMITS[name])
  }
  if (nextId > MAX_VERSION_ID) return false
  for (const name of collectionNames) {
    for (const { id } of records.all(name)) if (id >= nextId) return false
  }
  for (const name of PLACED_NAMES) {
    for (const { videoId, objectId } of records.all(name)) {
      if (records.get('videos', videoId) === undefined || records.get('objects', objectId) === undefined)
        return false
    }
  }
  for (const { id } of records.all('videos')) if (records.get('videoFiles', id) === undefined) return false
  for (const { videoId } of records.all('shots'))
    if (records.get('videos', videoId) === undefined) return false
  for (const { classId } of records.all('objects')) {
    if (classId !== null && records.get('classes', classId) === undefined) return false
  }
  for (const span of records.all('spans')) {
    const version = records.get('versions', span.versionId)
    if (version === undefined || placeOf(version) !== placeOf(span)) return false
  }
  return true
}
