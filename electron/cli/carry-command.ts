import { LEAST_CARRY_CONFIDENCE, type CarryHit } from '../contract/carry.ts'
import { trackHits } from '../engine/carry/carry-desk.ts'
import { CarrySearch } from '../engine/carry/carry-search.ts'
import { acceptHits } from '../engine/project/edits/carry-edits.ts'
import type { ProjectStore } from '../engine/project/project-store.ts'
import { findDevice } from '../engine/models/find-device.ts'
import type { CarryArguments } from './carry-arguments.ts'
import { objectsToCarry } from './carry-objects.ts'
import { describeHits, describeSearch } from './carry-report.ts'
import { addVideosOfHits, findVideos } from './carry-videos.ts'
import { openProjectToRead, openProjectToWrite } from './open-project-for.ts'
import { ProgressLine } from './progress-line.ts'
import { ProjectWork } from '../engine/session/project-work.ts'
import { OFFICIAL_TRACKING } from '../engine/tracking/tracking-options.ts'
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
    precision: args.mode === 'reference' ? 'fp32' : 'auto',
    tracking: args.mode === 'reference' ? OFFICIAL_TRACKING : args.tracking,
    onNotice: (sentence) => {
      output.say(`Note: ${sentence}`)
    },
  })
  try {
    await work.inference.run(PRIORITY.run, () => Promise.resolve())
    const videos = await findVideos(args.videos, work, output.stop)
    const objectIds = objectsToCarry(args.objects, store, new Set(videos.files.map(({ id }) => id)))
    const hits: CarryHit[] = []
    const progress = new ProgressLine()
    const search = new CarrySearch({
      ...{ store, inference: work.inference, objectIds, videos: videos.files, signal: output.stop },
      leastConfidence: Math.min(args.minConfidence, LEAST_CARRY_CONFIDENCE),
      onHit: (hit) => hits.push(hit),
      onProgress: (done, total) => progress.update(done, total),
    })
    await run(search, progress, output.stop)
    const report = { store, videos, objectIds, minConfidence: args.minConfidence }
    if (output.stop.aborted) {
      for (const line of describeHits(hits, report)) output.say(line)
      output.say('Stopped; nothing was carried over.')
      return 130
    }
    for (const line of describeSearch(hits, search, report)) output.say(line)
    const accepted = hits.filter(({ confidence }) => confidence >= args.minConfidence)
    if (hits.length > 0)
      output.say(`Confidence of at least ${args.minConfidence}: ${accepted.length} of ${hits.length} hits.`)
    if (args.dryRun) return 0
    if (accepted.length === 0) {
      output.say('Nothing was carried over; the project is as it was.')
      return 0
    }
    const carried = addVideosOfHits(store, videos, accepted)
    acceptHits(store, carried, work.modelName)
    return await track(carried, work, output)
  } finally {
    await work.close()
  }
}

/** Searches to the end, or until the signal comes. */
async function run(search: CarrySearch, progress: ProgressLine, stop: AbortSignal): Promise<void> {
  try {
    await search.run()
  } catch (error) {
    if (!stop.aborted) throw error
  } finally {
    progress.end()
  }
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
