import { existsSync } from 'node:fs'
import { realpath, rm } from 'node:fs/promises'
import { basename, dirname, extname, resolve } from 'node:path'
import type { ImportReport } from '../contract/import-options.ts'
import { DEFAULT_SETTINGS } from '../contract/settings.ts'
import { ImportIntoItself } from '../engine/import/import-errors.ts'
import { importLabels, type ImportPlan } from '../engine/import/import-labels.ts'
import { prepareImport, type ImportOnto } from '../engine/import/prepare-import.ts'
import { createProject } from '../engine/project/create-project.ts'
import { openProject } from '../engine/project/open-project.ts'
import type { ProjectStore } from '../engine/project/project-store.ts'
import { openVideo } from '../engine/video/open-video.ts'
import type { ImportArguments } from './import-arguments.ts'
import type { CommandOutput } from './track-command.ts'
import { UsageError } from './usage-error.ts'

/** Reasons shown; the rest is counted. */
const shownSkips = 20

/**
 * Imports a data set into a project, which is made if it is not there. Everything is read and checked first; a data set
 * that cannot be imported leaves the project as it was, and makes none.
 * @returns the exit code: 0, or 130 when it was stopped
 * @throws UserFacingError with a sentence for the person
 */
export async function importDataset(args: ImportArguments, output: CommandOutput): Promise<number> {
  const projectPath = resolve(args.projectPath)
  if (args.format === 'maskwright') await requireOther(projectPath, args.path)
  const known = existsSync(projectPath) ? await openProject(projectPath) : null
  try {
    for (const notice of known?.notices ?? []) output.say(`Note: ${notice}`)
    const plan = await prepareImport({
      ...{ format: args.format, path: args.path, sequence: args.sequence, firstFrame: args.firstFrame },
      onto: ontoOf(args.video, known),
      store: known,
      projectFolder: dirname(projectPath),
      openVideo: (path) => openVideo(path, { signal: output.stop }),
    })
    output.stop.throwIfAborted()
    const { report, videoName } =
      known === null ? await importIntoNew(projectPath, plan, args) : importInto(known, plan, args)
    tell(report, videoName, args.projectPath, output)
    return 0
  } catch (error) {
    if (!output.stop.aborted) throw error
    output.say('Stopped; nothing was imported.')
    return 130
  } finally {
    known?.close()
  }
}

function importInto(
  store: ProjectStore,
  plan: ImportPlan,
  { as }: ImportArguments,
): { report: ImportReport; videoName: string } {
  const { report, videoId } = importLabels(store, plan, { as, objectColours: DEFAULT_SETTINGS.objectColours })
  return { report, videoName: store.records.get('videos', videoId)!.name }
}

async function importIntoNew(projectPath: string, plan: ImportPlan, args: ImportArguments) {
  const name = basename(projectPath, extname(projectPath)).trim() || 'Imported'
  const store = await createProject(projectPath, { name })
  try {
    return importInto(store, plan, args)
  } catch (error) {
    store.close()
    await rm(projectPath, { force: true })
    throw error
  } finally {
    store.close()
  }
}

function ontoOf(video: string | null, store: ProjectStore | null): ImportOnto {
  if (video === null) return { kind: 'own' }
  const named = [...(store?.records.all('videos') ?? [])].filter(({ name }) => name === video)
  if (named.length > 1)
    throw new UsageError(`There are ${named.length} videos named "${video}": name its file.`)
  if (named.length === 1) return { kind: 'project', videoId: named[0]!.id }
  return { kind: 'file', path: video }
}

async function requireOther(projectPath: string, path: string): Promise<void> {
  const [project, source] = await Promise.all(
    [projectPath, path].map((one) => realpath(one).catch(() => null)),
  )
  if (project !== null && project === source) throw new ImportIntoItself()
}

function tell(report: ImportReport, videoName: string, projectPath: string, output: CommandOutput): void {
  const { masksImported, framesImported, objectIds, skipped, skippedCount } = report
  output.say(
    `${projectPath}: ${masksImported} masks of ${objectIds.length} objects on ${framesImported} frames of ${videoName}`,
  )
  if (skippedCount === 0) return
  output.say(`Skipped: ${skippedCount}`)
  for (const { what, why } of skipped.slice(0, shownSkips)) output.say(`  ${what}: ${why}`)
  if (skippedCount > shownSkips) output.say(`  and ${skippedCount - shownSkips} more`)
}
