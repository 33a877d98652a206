import { posix } from 'node:path'
import { DEFAULT_CLEANUP } from '../../contract/project.ts'
import type { TrackSpan } from '../../contract/tracking.ts'
import { cleanName } from './clean-name.ts'
import { MAX_VERSION_ID } from './mask-table.ts'
import { ProjectRecords } from './project-records.ts'
import { PLACED_NAMES, placeOf } from './record-reader.ts'
import { collectionNames, type AnyRecord, type CollectionName } from './stored-records.ts'

export type WholeRecords = Map<CollectionName, AnyRecord[]>

/** Frames of a version that have whole masks, ascending. */
export type FramesOfVersion = (versionId: number) => readonly number[]

/** The parts of a span whose masks are still there. */
function wholeParts(span: TrackSpan, frames: readonly number[]): TrackSpan[] {
  const parts: TrackSpan[] = []
  for (const frameIndex of frames) {
    if (frameIndex < span.first || frameIndex > span.last) continue
    const newest = parts.at(-1)
    if (newest !== undefined && newest.last + 1 === frameIndex)
      parts[parts.length - 1] = { ...newest, last: frameIndex }
    else parts.push({ ...span, first: frameIndex, last: frameIndex })
  }
  return parts
}

/**
 * Makes a sound project of the records that survived. What can be made again from others is: an object from its
 * prompts and masks, a video from its file, a version from its span. What refers to nothing goes.
 */
export function repairRecords(
  whole: WholeRecords,
  framesOf: FramesOfVersion,
  options: { projectName: string; newId: () => number },
): ProjectRecords {
  const records = new ProjectRecords()
  for (const name of collectionNames) {
    for (const record of whole.get(name) ?? []) if (record.id < MAX_VERSION_ID) records.put(name, record)
  }

  if (records.get('properties', 1) === undefined)
    records.put('properties', { id: 1, name: cleanName(options.projectName, 'Project') })
  repairVideos(records)
  repairPlaced(records)
  repairSpans(records, framesOf, options.newId)
  for (const object of [...records.all('objects')]) {
    if (object.classId !== null && records.get('classes', object.classId) === undefined) {
      records.put('objects', { ...object, classId: null })
    }
  }
  return records
}

function drop(records: ProjectRecords, collection: CollectionName, id: number): void {
  records.apply([{ collection, id, before: null, after: null }])
}

function repairVideos(records: ProjectRecords): void {
  const referred = new Set<number>()
  for (const name of PLACED_NAMES) for (const { videoId } of records.all(name)) referred.add(videoId)
  for (const { id, relativePath } of [...records.all('videoFiles')]) {
    if (records.get('videos', id) !== undefined || !referred.has(id)) continue
    records.put('videos', {
      id,
      name: cleanName(posix.basename(relativePath), 'Video'),
      sortOrder: id,
      markers: { inFrame: null, outFrame: null },
    })
  }
  for (const { id } of [...records.all('videos')]) {
    if (records.get('videoFiles', id) === undefined) drop(records, 'videos', id)
  }
  for (const { id, videoId } of [...records.all('shots')]) {
    if (records.get('videos', videoId) === undefined) drop(records, 'shots', id)
  }
}

function repairPlaced(records: ProjectRecords): void {
  for (const name of PLACED_NAMES) {
    for (const { id, videoId, objectId } of [...records.all(name)]) {
      if (records.get('videos', videoId) === undefined) {
        drop(records, name, id)
      } else if (records.get('objects', objectId) === undefined) {
        records.put('objects', {
          id: objectId,
          name: `Recovered object ${String(objectId)}`,
          colour: '#4db8ff',
          classId: null,
          visible: true,
          locked: false,
          cleanup: DEFAULT_CLEANUP,
          sortOrder: objectId,
        })
      }
    }
  }
}

function repairSpans(records: ProjectRecords, framesOf: FramesOfVersion, newId: () => number): void {
  for (const span of [...records.all('spans')]) {
    const { id, videoId, objectId, versionId } = span
    const [first, ...others] = wholeParts(span, framesOf(versionId))
    const version = records.get('versions', versionId)
    const isOfAnother = version !== undefined && placeOf(version) !== placeOf(span)
    drop(records, 'spans', id)
    if (first === undefined || isOfAnother) continue
    records.put('spans', first)
    for (const part of others) records.put('spans', { ...part, id: newId() })
    if (version !== undefined) continue
    records.put('versions', {
      id: versionId,
      videoId,
      objectId,
      runId: null,
      origin: 'track',
      model: null,
      createdAt: 0,
    })
  }
}
