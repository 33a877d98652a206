import type { Project } from '../contract/project.ts'
import { DEFAULT_SETTINGS } from '../contract/settings.ts'
import { exportProject } from '../engine/export/project-export.ts'
import { openProject } from '../engine/project/open-project.ts'
import type { ProjectStore } from '../engine/project/project-store.ts'
import { VideoPool } from '../engine/session/video-pool.ts'
import { findMediaTools } from '../engine/video/media-tools.ts'
import { describeOutput } from './describe-output.ts'
import type { ExportArguments } from './export-arguments.ts'
import { ProgressLine } from './progress-line.ts'
import type { CommandOutput } from './track-command.ts'
import { UsageError } from './usage-error.ts'

/**
 * Exports a project's masks and says what was written and what the closing check counted. When it is stopped, nothing is
 * left.
 * @returns the exit code: 0, or 130 when it was stopped
 * @throws UserFacingError with a sentence for the person
 */
export async function exportDataset(args: ExportArguments, output: CommandOutput): Promise<number> {
  const store = await openProject(args.projectPath)
  const tools = await findMediaTools()
  const videos = new VideoPool({ store, tools: async () => tools, cacheBytes: () => 64 * 1_048_576 })
  const progress = new ProgressLine()
  try {
    for (const notice of store.notices) output.say(`Note: ${notice}`)
    const selection = selectionOf(args, store)
    const source = await videos.get(selection.videoId)
    for (const warning of source.warnings) output.say(`Note: ${warning}`)
    const { outputs, report } = await exportProject({
      ...{ store, source, tools, selection, target: args.target, outputFolder: args.outFolder },
      overwrite: args.overwrite,
      inputSizePx: DEFAULT_SETTINGS.inputSizePx,
      onProgress: (done, total) => progress.update(done, total),
      signal: output.stop,
      whenStopped: 'discard',
    })
    progress.end()
    for (const written of outputs) output.say(describeOutput(written))
    for (const sentence of report.sentences) output.say(sentence)
    return 0
  } catch (error) {
    progress.end()
    if (!output.stop.aborted) throw error
    output.say('Stopped; nothing was exported.')
    return 130
  } finally {
    await videos.close()
    store.close()
  }
}

function selectionOf(args: ExportArguments, store: ProjectStore) {
  const { videos, objects, classes } = store.project()
  return {
    videoId: videoIdOf(args.video, videos),
    objectIds: args.objects?.flatMap((name) => idsNamed('object', name, objects)) ?? null,
    classIds: args.classes?.flatMap((name) => idsNamed('class', name, classes)) ?? null,
    ...args.range,
    step: args.step,
    numberingStart: args.numberingStart,
  }
}

function videoIdOf(name: string | null, videos: Project['videos']): number {
  const named = name === null ? videos : videos.filter((video) => video.name === name)
  if (named.length === 1) return named[0]!.id
  if (videos.length === 0) throw new UsageError('This project has no video.')
  const list = videos.map((video) => video.name).join(', ')
  if (name === null) throw new UsageError(`Which video? Name it with --video: ${list}.`)
  const count = named.length === 0 ? 'no video' : `${named.length} videos`
  throw new UsageError(`There is ${count} named "${name}"; the project has ${list}.`)
}

function idsNamed(
  what: string,
  name: string,
  records: readonly { readonly id: number; readonly name: string }[],
): number[] {
  const found = records.filter((record) => record.name === name)
  if (found.length > 0) return found.map(({ id }) => id)
  const known = records.map((record) => record.name).join(', ')
  throw new UsageError(
    `There is no ${what} named "${name}"; the project has ${known === '' ? 'none' : known.slice(0, 500)}.`,
  )
}
