import { UserFacingError } from '../../../contract/errors.ts'
import { conditioningPrompts } from '../../runs/stored-memory.ts'
import { openProject } from '../../project/open-project.ts'
import type { ProjectStore } from '../../project/project-store.ts'
import { locateVideo } from '../../project/video-location.ts'
import type { JobContent, PromptedFrame } from './batch-job.ts'
import { shotStartsOf } from '../../project/video-shots.ts'
import type { JobWish } from './prepared-job.ts'

/** What the job file says of a project's jobs; the project says the rest. */
export type ProjectChoices = Omit<JobWish, 'videoPath' | 'objects' | 'range' | 'shotStarts'>

/** A project without a single prompt. */
export class NothingPrompted extends UserFacingError {
  constructor(projectName: string) {
    super(
      'nothing-prompted',
      `The project ${projectName} has no prompts, so there is nothing to track in it.`,
    )
  }
}

/**
 * What is to be tracked in a project: every video with prompts, between its markers, split at the shots the project
 * knows. The project is read and closed again; nothing in it changes.
 * @throws NothingPrompted, and what `openProject` throws
 */
export async function projectWishes(path: string, choices: ProjectChoices): Promise<JobWish[]> {
  const store = await openProject(path)
  try {
    return (await videoWishes(store, choices)).map(({ wish }) => wish)
  } finally {
    store.close()
  }
}

/** What is to be tracked in one video of a project. */
export interface VideoWish {
  readonly videoId: number
  /** The project's numbers of the wish's objects, in the same order. */
  readonly objectIds: readonly number[]
  readonly wish: JobWish
}

/** As `projectWishes`, of a project that is open. */
export async function videoWishes(store: ProjectStore, choices: ProjectChoices): Promise<VideoWish[]> {
  const wishes: VideoWish[] = []
  for (const video of store.records.all('videos')) {
    const file = store.records.get('videoFiles', video.id)
    const prompted = promptedObjects(store, video.id)
    if (file === undefined || prompted.length === 0) continue
    const wish: JobWish = {
      ...choices,
      outFolder: choices.outFolder === null ? null : `${choices.outFolder}/video-${video.id}`,
      videoPath: (await locateVideo(store.folder, file)).path,
      objects: prompted.map(({ object }) => object),
      range: { first: video.markers.inFrame, last: video.markers.outFrame },
      shotStarts: shotStartsOf(store.records, video.id),
    }
    wishes.push({ videoId: video.id, objectIds: prompted.map(({ objectId }) => objectId), wish })
  }
  if (wishes.length === 0) throw new NothingPrompted(store.project().name)
  return wishes
}

/** Objects that are not locked, with the frames that carry prompts of theirs. */
function promptedObjects(
  store: ProjectStore,
  videoId: number,
): { objectId: number; object: JobContent['objects'][number] }[] {
  const objects = [...store.records.all('objects')].sort((a, b) => a.sortOrder - b.sortOrder)
  return objects.flatMap(({ id: objectId, name, locked }) => {
    if (locked) return []
    const prompts = [...store.records.ofObject('prompts', videoId, objectId)]
    const indices = [...new Set(prompts.map(({ frameIndex }) => frameIndex))].sort((a, b) => a - b)
    const frames = indices.flatMap((frameIndex): PromptedFrame[] => {
      const said = conditioningPrompts(store, { videoId, objectId, frameIndex })
      if (said === null) return []
      if (said.kind === 'mask') return [{ kind: 'mask', frameIndex, mask: said.mask }]
      const { points, box } = said
      return [
        {
          ...{ kind: 'points-or-box', frameIndex },
          points: points.map(({ x, y, label }) => ({ x, y, label })),
          box: box && [box.left, box.top, box.right, box.bottom],
        },
      ]
    })
    return frames.length === 0 ? [] : [{ objectId, object: { name, frames } }]
  })
}
