import type { CommandName, CommandParams, CommandResult } from '../../contract/commands.ts'
import type { Mark } from '../../contract/history.ts'
import { LIMITS } from '../../contract/limits.ts'
import { addClass, deleteClass, renameClass, reorderClasses } from './edits/class-edits.ts'
import { duplicateObject } from './edits/duplicate-object.ts'
import { mergeObjects } from './edits/merge-objects.ts'
import * as objects from './edits/object-edits.ts'
import { setPresence } from './edits/presence-edits.ts'
import { addShot, moveShot, removeShot } from './edits/shot-edits.ts'
import { clearSpan, listVersions, restoreSpan } from './edits/version-edits.ts'
import * as videos from './edits/video-edits.ts'
import { readVersion } from './mask-reader.ts'
import type { ProjectStore } from './project-store.ts'
import { readNextSuspect } from './suspects.ts'
import { readTimeline } from './timeline-reader.ts'

/** What a handler needs to know besides the project. */
export interface ProjectCommandContext {
  readonly store: ProjectStore
  readonly mark: Mark | undefined
  /** Colours given to new objects in turn. */
  readonly objectColours: readonly string[]
  readonly suspicionThreshold: number
}

type Handlers<Names extends CommandName> = {
  [Name in Names]: (params: CommandParams<Name>, context: ProjectCommandContext) => CommandResult<Name>
}

const labels: Handlers<
  | 'object.add'
  | 'object.rename'
  | 'object.recolour'
  | 'object.setClass'
  | 'object.setVisibility'
  | 'object.setLock'
  | 'object.setCleanup'
  | 'object.reorder'
  | 'object.duplicate'
  | 'object.delete'
  | 'object.merge'
  | 'class.add'
  | 'class.rename'
  | 'class.reorder'
  | 'class.delete'
  | 'presence.set'
> = {
  'object.add': (object, { store, mark, objectColours }) =>
    objects.addObject(store, object, objectColours, mark),
  'object.rename': ({ objectId, name }, { store, mark }) => ({
    revision: objects.renameObject(store, objectId, name, mark),
  }),
  'object.recolour': ({ objectId, colour }, { store, mark }) => ({
    revision: objects.recolourObject(store, objectId, colour, mark),
  }),
  'object.setClass': ({ objectIds, classId }, { store, mark }) => ({
    revision: objects.setObjectClass(store, objectIds, classId, mark),
  }),
  'object.setVisibility': ({ objectIds, visible }, { store, mark }) => ({
    revision: objects.setObjectVisibility(store, objectIds, visible, mark),
  }),
  'object.setLock': ({ objectIds, locked }, { store, mark }) => ({
    revision: objects.setObjectLock(store, objectIds, locked, mark),
  }),
  'object.setCleanup': ({ objectIds, cleanup }, { store, mark }) => ({
    revision: objects.setObjectCleanup(store, objectIds, cleanup, mark),
  }),
  'object.reorder': ({ objectIds }, { store, mark }) => ({
    revision: objects.reorderObjects(store, objectIds, mark),
  }),
  'object.duplicate': ({ objectId }, { store, mark, objectColours }) =>
    duplicateObject(store, objectId, objectColours, mark),
  'object.delete': ({ objectIds }, { store, mark }) => ({
    revision: objects.deleteObjects(store, objectIds, mark),
  }),
  'object.merge': ({ objectId, fromObjectIds }, { store, mark }) => ({
    revision: mergeObjects(store, objectId, fromObjectIds, mark),
  }),
  'class.add': ({ name }, { store, mark }) => addClass(store, name, mark),
  'class.rename': ({ classId, name }, { store, mark }) => ({
    revision: renameClass(store, classId, name, mark),
  }),
  'class.reorder': ({ classIds }, { store, mark }) => ({ revision: reorderClasses(store, classIds, mark) }),
  'class.delete': ({ classId }, { store, mark }) => ({ revision: deleteClass(store, classId, mark) }),
  'presence.set': ({ span, presence, ...place }, { store, mark }) => ({
    revision: setPresence(store, { ...place, ...span }, presence, mark),
  }),
}

const projectAndHistory: Handlers<
  | 'project.rename'
  | 'video.rename'
  | 'video.reorder'
  | 'video.remove'
  | 'markers.set'
  | 'shots.add'
  | 'shots.move'
  | 'shots.remove'
  | 'view.set'
  | 'history.undo'
  | 'history.redo'
  | 'history.cancelMark'
  | 'history.list'
> = {
  'project.rename': ({ name }, { store, mark }) => ({ revision: videos.renameProject(store, name, mark) }),
  'video.rename': ({ videoId, name }, { store, mark }) => ({
    revision: videos.renameVideo(store, videoId, name, mark),
  }),
  'video.reorder': ({ videoIds }, { store, mark }) => ({
    revision: videos.reorderVideos(store, videoIds, mark),
  }),
  'video.remove': ({ videoId }, { store, mark }) => ({ revision: videos.removeVideo(store, videoId, mark) }),
  'markers.set': ({ videoId, markers }, { store, mark }) => ({
    revision: videos.setMarkers(store, videoId, markers, mark),
  }),
  'shots.add': ({ videoId, frameIndex }, { store, mark }) => ({
    revision: addShot(store, videoId, frameIndex, mark),
  }),
  'shots.move': ({ shotId, frameIndex }, { store, mark }) => ({
    revision: moveShot(store, shotId, frameIndex, mark),
  }),
  'shots.remove': ({ shotId }, { store, mark }) => ({ revision: removeShot(store, shotId, mark) }),
  'view.set': ({ view }, { store }) => ({ revision: store.setView(withoutUndefined(view)) }),
  'history.undo': (_, { store }) => {
    store.undo()
    return { revision: store.revision }
  },
  'history.redo': (_, { store }) => {
    store.redo()
    return { revision: store.revision }
  },
  'history.cancelMark': ({ mark }, { store }) => {
    store.cancelMark(mark)
    return { revision: store.revision }
  },
  'history.list': ({ limit }, { store }) => ({ steps: store.historySteps(limit) }),
}

const tracks: Handlers<
  | 'track.clearSpan'
  | 'versions.list'
  | 'versions.restoreSpan'
  | 'versions.masks'
  | 'timeline.summary'
  | 'timeline.nextSuspect'
> = {
  'track.clearSpan': ({ videoId, objectIds, span }, { store, mark }) => ({
    revision: clearSpan(store, videoId, objectIds, span, mark),
  }),
  'versions.list': ({ videoId, objectId }, { store }) => ({
    versions: listVersions(store, videoId, objectId),
  }),
  'versions.restoreSpan': ({ versionId, span }, { store, mark }) => ({
    revision: restoreSpan(store, versionId, span, mark),
  }),
  'versions.masks': ({ versionId, span }, { store }) =>
    readVersion(store, { versionId, ...span, limit: LIMITS.masksPerMessage }),
  'timeline.summary': ({ videoId, objectIds, span, bucketCount }, { store, suspicionThreshold }) =>
    readTimeline(store, { videoId, objectIds, ...span }, { bucketCount, suspicionThreshold }),
  'timeline.nextSuspect': ({ direction, ...from }, { store, suspicionThreshold }) => ({
    suspect: readNextSuspect(store, from, direction, suspicionThreshold),
  }),
}

/**
 * Every command that the project can answer alone. Those that need a model, a video or the host are the engine's:
 * prompts and tracking call this room's edits, `masks.get` reads with `readPresentMasks` and cleans up.
 */
export const projectCommandHandlers = { ...labels, ...projectAndHistory, ...tracks }

export type ProjectCommandName = keyof typeof projectCommandHandlers

type Defined<Value> = { [Key in keyof Value]?: Exclude<Value[Key], undefined> }

function withoutUndefined<Value extends object>(value: Value): Defined<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Defined<Value>
}
