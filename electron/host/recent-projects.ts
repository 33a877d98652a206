import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { z } from 'zod'
import type { Log, RecentProject, RecentProjects } from '../contract/engine-surroundings.ts'
import { instantSchema, textSchema } from '../contract/scalars.ts'
import { readJsonFile, writeJsonFile } from './json-file.ts'

const KEPT = 30

const fileSchema = z.object({
  projects: z.array(
    z.object({ path: z.string().min(1).max(32_768), name: textSchema, openedAt: instantSchema }),
  ),
})
type Entry = z.infer<typeof fileSchema>['projects'][number]

/**
 * The list of projects that were open lately, in one JSON file. It is a convenience: a damaged file is an empty list, and
 * a list that cannot be written is kept in memory.
 */
export async function openRecentProjects(path: string, log: Log): Promise<RecentProjects> {
  let entries = await read(path, log)
  let writing: Promise<unknown> = Promise.resolve()

  function change(next: Entry[]): Promise<void> {
    entries = next.slice(0, KEPT)
    const written = writing.then(() => writeJsonFile(path, { projects: entries }))
    writing = written.catch((error: unknown) => {
      log('warning', 'recent', 'The list of recent projects could not be written.', error)
    })
    return writing.then(() => {})
  }

  return {
    list: () => entries.map(withId),
    add: (projectPath, name) =>
      change([
        { path: projectPath, name: name || basename(projectPath), openedAt: Date.now() },
        ...entries.filter((entry) => entry.path !== projectPath),
      ]),
    forget: (recentId) => change(entries.filter((entry) => withId(entry).recentId !== recentId)),
  }
}

async function read(path: string, log: Log): Promise<Entry[]> {
  try {
    const content = await readJsonFile(path)
    if (content.state === 'missing') return []
    return fileSchema.parse(content.state === 'read' ? content.value : null).projects
  } catch (error) {
    log('warning', 'recent', 'The list of recent projects could not be read and starts anew.', error)
    return []
  }
}

function withId(entry: Entry): RecentProject {
  return { recentId: createHash('sha256').update(entry.path).digest('hex').slice(0, 16), ...entry }
}
