import type { CarryHit } from '../contract/carry.ts'
import { trackHits } from '../engine/carry/carry-desk.ts'
import { CarrySearch } from '../engine/carry/carry-search.ts'
import { acceptHits } from '../engine/project/edits/carry-edits.ts'
import type { ProjectStore } from '../engine/project/project-store.ts'
import { findDevice } from '../engine/models/find-device.ts'
import type { CarryArguments } from './carry-arguments.ts'
import { objectsToCarry } from './carry-objects.ts'
import { addSearchedVideos, findVideos, type SearchedVideos } from './carry-videos.ts'
import { openProjectToRead, openProjectToWrite } from './open-project-for.ts'
import { ProgressLine } from './progress-line.ts'
import { ProjectWork } from '../engine/session/project-work.ts'
import { PRIORITY } from '../engine/tracking/work-queue.ts'
import type { CommandOutput } from './track-command.ts'

/**
 * Finds a project's objects in further videos and tracks them there. The project is changed only once the search is over;
 * when the tracking is stopped, what is stored is kept and the studio can go on with it.
 * @returns the exit code: 0, or 130 when it was stopped
 * @throws UserFacingError with a sentence for the person
 */
export async function carry(args: CarryArguments, output: CommandOutput): Promise<number> {
  const { store, close } = await (args.dryRun ? openProjectToRead : openProjectToWrite)(args.projectPath)
  try {
    for (const notice of store.notices) output.say(`Note: ${notice}`)
    return await carryWithin(store, args, output)
  } finally {
    await close()
  }
}

async function carryWithin(
  store: ProjectStore,
  args: CarryArguments,
  output: CommandOutput,
): Promise<number> {
  // What is wrong with the objects or the model is said before many videos are opened.
  objectsToCarry(args.objects, store, new Set())
  const device = await findDevice(args.device, output.stop)
  const work = await ProjectWork.of(store, {
    ...{ ...args, device },
    onNotice: (sentence) => {
      output.say(`Note: ${sentence}`)
    },
  })
  try {
    await work.inference.run(PRIORITY.run, () => Promise.resolve())
    const videos = await findVideos(args.videos, work, output.stop)
    const objectIds = objectsToCarry(args.objects, store, new Set(videos.files.map(({ id }) => id)))
    const hits = await search(objectIds, videos, work, output)
    for (const hit of hits) output.say(describeHit(hit, videos, store, args.minConfidence))
    const accepted = hits.filter(({ confidence }) => confidence >= args.minConfidence)
    if (output.stop.aborted) {
      output.say('Stopped; nothing was carried over.')
      return 130
    }
    output.say(`${accepted.length} of ${hits.length} hits are surer than ${args.minConfidence}.`)
    if (args.dryRun) return 0
    const carried = addSearchedVideos(store, videos, accepted)
    if (carried.length === 0) return 0
    acceptHits(store, carried, work.modelName)
    return await track(carried, work, output)
  } finally {
    await work.close()
  }
}

async function search(
  objectIds: readonly number[],
  { files }: SearchedVideos,
  { store, inference }: ProjectWork,
  output: CommandOutput,
): Promise<CarryHit[]> {
  const hits: CarryHit[] = []
  const progress = new ProgressLine()
  const carrying = new CarrySearch({
    ...{ store, inference, objectIds, videos: files, signal: output.stop },
    onHit: (hit) => hits.push(hit),
    onProgress: (done, total) => progress.update(done, total),
  })
  try {
    await carrying.run()
  } catch (error) {
    if (!output.stop.aborted) throw error
  } finally {
    progress.end()
  }
  return hits.sort((a, b) => b.confidence - a.confidence)
}

async function track(hits: readonly CarryHit[], work: ProjectWork, output: CommandOutput): Promise<number> {
  const progress = new ProgressLine()
  try {
    const runs = await work.finishRuns(
      () => trackHits(work.runs, hits),
      (done, total) => progress.update(done, total),
      output.stop,
    )
    progress.end()
    for (const { request, framesDone } of runs) {
      const video = work.store.records.get('videos', request.videoId)?.name ?? ''
      output.say(`${video}: ${framesDone} frames tracked`)
    }
  } finally {
    progress.end()
  }
  if (!output.stop.aborted) return 0
  output.say('Stopped; the studio can go on where it was.')
  return 130
}

function describeHit(
  hit: CarryHit,
  videos: SearchedVideos,
  { records }: ProjectStore,
  minConfidence: number,
): string {
  const object = records.get('objects', hit.objectId)?.name ?? ''
  const video = videos.names.get(hit.videoId) ?? ''
  const verdict = hit.confidence >= minConfidence ? 'taken' : 'left out'
  return `${video}: ${object} on frame ${hit.frameIndex}, confidence ${hit.confidence.toFixed(2)}, ${verdict}`
}
