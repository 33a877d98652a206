import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { CarryHit } from '../contract/carry.ts'
import { trackHits } from '../engine/carry/carry-desk.ts'
import { CarrySearch } from '../engine/carry/carry-search.ts'
import { copyProject } from '../engine/project/create-project.ts'
import { acceptHits } from '../engine/project/edits/carry-edits.ts'
import { addVideos } from '../engine/project/edits/video-edits.ts'
import { openProject } from '../engine/project/open-project.ts'
import type { ProjectStore } from '../engine/project/project-store.ts'
import { describeVideo } from '../engine/session/describe-video.ts'
import { projectNameOf } from '../engine/session/project-shelf.ts'
import type { CarryArguments } from './carry-arguments.ts'
import { ProgressLine } from './progress-line.ts'
import { ProjectWork } from '../engine/session/project-work.ts'
import type { CommandOutput } from './track-command.ts'
import { UsageError } from './usage-error.ts'

/**
 * Finds a project's objects in further videos and tracks them there. When it is stopped, what is stored is kept and the
 * studio can go on with it.
 * @returns the exit code: 0, or 130 when it was stopped
 * @throws UserFacingError with a sentence for the person
 */
export async function carry(args: CarryArguments, output: CommandOutput): Promise<number> {
  const store = await openProject(args.projectPath)
  try {
    for (const notice of store.notices) output.say(`Note: ${notice}`)
    if (!args.dryRun) return await carryWithin(store, args, output)
    // Nothing can be changed by what is done to a copy.
    const folder = await mkdtemp(join(tmpdir(), 'maskwright-carry-'))
    try {
      const path = join(folder, basename(args.projectPath))
      await copyProject(store, path, false)
      const copy = await openProject(path)
      try {
        return await carryWithin(copy, args, output)
      } finally {
        copy.close()
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  } finally {
    store.close()
  }
}

async function carryWithin(
  store: ProjectStore,
  args: CarryArguments,
  output: CommandOutput,
): Promise<number> {
  const work = await ProjectWork.of(store, args)
  try {
    const videoIds = await videosNamed(args.videos, work)
    const objectIds = objectsNamed(args.objects, store, videoIds)
    const hits = await search({ objectIds, videoIds }, work, output)
    for (const hit of hits) output.say(describeHit(hit, store, args.minConfidence))
    const accepted = hits.filter(({ confidence }) => confidence >= args.minConfidence)
    if (output.stop.aborted) {
      output.say('Stopped; nothing was carried over.')
      return 130
    }
    output.say(`${accepted.length} of ${hits.length} hits are surer than ${args.minConfidence}.`)
    if (args.dryRun || accepted.length === 0) return 0
    acceptHits(store, accepted, work.modelName)
    return await track(accepted, work, output)
  } finally {
    await work.close()
  }
}

async function search(
  request: { objectIds: number[]; videoIds: number[] },
  { store, inference }: ProjectWork,
  output: CommandOutput,
): Promise<CarryHit[]> {
  const hits: CarryHit[] = []
  const progress = new ProgressLine()
  const carrying = new CarrySearch({
    ...{ store, inference, request, signal: output.stop },
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

/** Videos of the project by name or file; files that are not in it yet are added as one step. */
async function videosNamed(names: readonly string[], { store, videos }: ProjectWork): Promise<number[]> {
  const known: number[] = []
  const added: Parameters<typeof addVideos>[1][number][] = []
  for (const name of names) {
    const named = [...store.records.all('videos')].filter((video) => video.name === name)
    if (named.length > 1)
      throw new UsageError(`There are ${named.length} videos named "${name}": name its file.`)
    if (named[0] !== undefined) {
      known.push(named[0].id)
      continue
    }
    if (!existsSync(name)) throw new UsageError(`"${name}" is neither a file nor a video of the project.`)
    const source = await videos.open(name)
    const file = await describeVideo(source, store.folder).finally(() => source.close())
    const same = [...store.records.all('videoFiles')].find(
      ({ id, contentId }) => contentId === file.contentId && store.records.get('videos', id) !== undefined,
    )
    if (same === undefined) added.push({ name: projectNameOf(name), file })
    else known.push(same.id)
  }
  return added.length === 0 ? known : [...known, ...addVideos(store, added).videoIds]
}

/** Objects by name, or all that have a mask in a video that is not searched. */
function objectsNamed(
  names: readonly string[] | null,
  store: ProjectStore,
  searched: readonly number[],
): number[] {
  const objects = [...store.records.all('objects')]
  if (names === null) {
    const labelled = new Set<number>()
    for (const span of store.records.all('spans'))
      if (!searched.includes(span.videoId)) labelled.add(span.objectId)
    const found = objects.filter(({ id, locked }) => labelled.has(id) && !locked).map(({ id }) => id)
    if (found.length === 0) throw new UsageError('No object of this project has a mask in another video.')
    return found
  }
  return names.map((name) => {
    const named = objects.filter((object) => object.name === name)
    if (named.length === 1) return named[0]!.id
    const all = objects.map((object) => object.name).join(', ')
    throw new UsageError(
      `There ${named.length === 0 ? 'is no object' : `are ${named.length} objects`} named "${name}"; the project has ${all || 'none'}.`,
    )
  })
}

function describeHit(hit: CarryHit, { records }: ProjectStore, minConfidence: number): string {
  const object = records.get('objects', hit.objectId)?.name ?? ''
  const video = records.get('videos', hit.videoId)?.name ?? ''
  const verdict = hit.confidence >= minConfidence ? 'taken' : 'left out'
  return `${video}: ${object} on frame ${hit.frameIndex}, confidence ${hit.confidence.toFixed(2)}, ${verdict}`
}
