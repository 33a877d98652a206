import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_EXTENSION } from '../../contract/files.ts'
import { LIMITS } from '../../contract/limits.ts'
import type { Project } from '../../contract/project.ts'
import { addFirstVideo, addVideos, type NewVideo } from '../project/edits/video-edits.ts'
import { isSameFile } from '../project/open-paths.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { describeVideo } from '../session/describe-video.ts'
import { ProjectGoneFromDisk, SampleMissing } from '../session/engine-errors.ts'
import type { EngineState } from '../session/engine-state.ts'
import type { ProjectSession } from '../session/project-session.ts'
import { projectNameOf, withExtension } from '../session/project-shelf.ts'
import type { EngineHandlers } from './engine-handlers.ts'

type Names =
  | 'project.current'
  | 'project.open'
  | 'project.openRecent'
  | 'project.openSample'
  | 'project.create'
  | 'project.saveAs'
  | 'project.close'
  | 'project.recent'
  | 'project.forgetRecent'

/** Places of the sample clip among what ships with the app, built and as source. */
const samplePlaces = ['sample/bottles.mp4', 'test/fixtures/sample/bottles.mp4']

function opened(session: ProjectSession): { project: Project; notices: string[] } {
  return { project: session.project(), notices: session.store.notices.slice(0, 100) }
}

/** Opens a project in place of the one that is open, which stays when that fails. */
export async function openPath(state: EngineState, path: string): Promise<ProjectSession> {
  const current = state.sessionOrNull
  if (current !== null && current.store.path === path) return current
  return state.show(await state.shelf.open(path))
}

async function describePath(state: EngineState, session: ProjectSession, path: string): Promise<NewVideo> {
  const { store, videos } = session
  const source = await videos.open(path)
  try {
    const file = await describeVideo(source, store.folder)
    videos.keep(file.contentId, source)
    for (const warning of source.warnings) state.notify('warning', 'VideoWarning', warning)
    return { name: projectNameOf(path), file }
  } catch (error) {
    await source.close()
    throw error
  }
}

/** Adds videos to a project, the first of them in view if none is. */
export async function addVideoPaths(
  state: EngineState,
  session: ProjectSession,
  paths: readonly string[],
  mark: string | undefined,
): Promise<{ revision: number; videoIds: number[] }> {
  const { store } = session
  const described = []
  for (const path of paths) described.push(await describePath(state, session, path))
  const added = addVideos(store, described, mark)
  if (store.view.videoId === null && added.videoIds[0] !== undefined)
    store.setView({ videoId: added.videoIds[0], frameIndex: 0 })
  return { revision: store.revision, videoIds: added.videoIds }
}

/** Puts the video into a new project that it is made around. */
async function beginWith(state: EngineState, session: ProjectSession, videoPath: string): Promise<void> {
  const video = await describePath(state, session, videoPath)
  session.store.setView({ videoId: addFirstVideo(session.store, video), frameIndex: 0 })
}

/** A new project in the app's own folder around a video; none when the video cannot be opened. */
async function projectAround(state: EngineState, name: string, videoPath: string): Promise<ProjectSession> {
  const session = await state.show(await state.shelf.createUnsaved(name))
  try {
    await beginWith(state, session, videoPath)
  } catch (error) {
    await closeProject(state)
    await discardUnsaved(state, session.store.path)
    throw error
  }
  return session
}

async function closeProject(state: EngineState): Promise<void> {
  await state.leave()
  state.surroundings.projectPathChanged(null)
  state.surroundings.emit('project.opened', { project: null, notices: [] })
}

/** Removes a closed project of the app's own folder, from the recent ones, too. */
async function discardUnsaved({ shelf, surroundings }: EngineState, path: string): Promise<void> {
  if (!shelf.isUnsaved(path)) return
  await shelf.removeUnsaved(path)
  const recent = surroundings.recent.list().find((project) => project.path === path)
  if (recent !== undefined) await surroundings.recent.forget(recent.recentId)
}

/** Makes a project in place of the one that is open and at this very path; that stays open when it fails. */
async function replaceOpen(state: EngineState, path: string, name: string): Promise<ProjectSession> {
  await state.leave()
  let store: ProjectStore
  try {
    store = await state.shelf.create(path, name)
  } catch (error) {
    await state.show(await state.shelf.open(path))
    throw error
  }
  return state.show(store)
}

/** Opens what the person named outside the interface: a project, a video or a folder of images. */
export function openFromOutside(state: EngineState, path: string): Promise<void> {
  return state.inTurn(async () => {
    if (path.endsWith(`.${PROJECT_EXTENSION}`)) {
      await openPath(state, path)
      return
    }
    const current = state.sessionOrNull
    if (current === null) {
      await projectAround(state, projectNameOf(path), path)
      return
    }
    const { videoIds } = await addVideoPaths(state, current, [path], undefined)
    if (videoIds[0] !== undefined) current.store.setView({ videoId: videoIds[0], frameIndex: 0 })
  })
}

export function lifecycleHandlers(state: EngineState): EngineHandlers<Names> {
  const { grants, shelf, surroundings } = state
  const show = async (store: Promise<ProjectStore>) => opened(await state.show(await store))
  return {
    'project.current': () => ({ project: state.sessionOrNull?.project() ?? null }),
    'project.open': ({ fileToken }) => {
      const path = grants.path(fileToken, 'openProject')
      return state.inTurn(async () => opened(await openPath(state, path)))
    },
    'project.openRecent': ({ recentId }) => {
      const recent = surroundings.recent.list().find((project) => project.recentId === recentId)
      if (recent === undefined) throw new ProjectGoneFromDisk()
      return state.inTurn(async () => opened(await openPath(state, recent.path)))
    },
    'project.openSample': () =>
      state.inTurn(async () => {
        const { samplePath } = shelf
        const session = existsSync(samplePath) ? await openPath(state, samplePath) : null
        // One without a video and a history is what is left where the engine ended while it was made.
        const isMade = session?.project().videos.length !== 0 || session.store.historyState.undo !== null
        if (session !== null && isMade) return opened(session)
        const clip = samplePlaces
          .map((place) => join(surroundings.resourcesFolder, place))
          .find((path) => existsSync(path))
        if (clip === undefined) throw new SampleMissing()
        if (session === null) return opened(await projectAround(state, 'Sample', clip))
        await beginWith(state, session, clip)
        return opened(session)
      }),
    'project.create': ({ fileToken, name }) => {
      const path = fileToken === null ? null : grants.path(fileToken, 'saveProject')
      return state.inTurn(async () => {
        if (path === null) return show(shelf.createUnsaved(name))
        const current = state.sessionOrNull
        if (current !== null && isSameFile(current.store.path, withExtension(path)))
          return opened(await replaceOpen(state, current.store.path, name))
        return show(shelf.create(path, name))
      })
    },
    'project.saveAs': ({ fileToken }) => {
      const path = grants.path(fileToken, 'saveProject')
      return state.inTurn(async () => {
        const before = state.session.store.path
        const target = withExtension(path)
        if (target === before) return opened(state.session)
        // Closed while it is copied: what would be acknowledged meanwhile would stay behind.
        await state.leave()
        let store: ProjectStore
        try {
          await shelf.copy(before, target)
          store = await shelf.open(target)
        } catch (error) {
          await state.show(await shelf.open(before))
          throw error
        }
        const session = await state.show(store)
        await discardUnsaved(state, before)
        return opened(session)
      })
    },
    'project.close': () =>
      state.inTurn(async () => {
        await closeProject(state)
        return {}
      }),
    'project.recent': () => ({
      recent: surroundings.recent
        .list()
        .slice(0, 100)
        .map(({ recentId, path, name, openedAt }) => ({
          recentId,
          name,
          location: shelf.isUnsaved(path) ? 'In the app’s own folder' : path.slice(0, LIMITS.textLength),
          openedAt,
          available: existsSync(path),
        })),
    }),
    'project.forgetRecent': async ({ recentId }) => {
      await surroundings.recent.forget(recentId)
      return {}
    },
  }
}
