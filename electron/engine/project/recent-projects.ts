import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'

const MOST_RECENT = 20

const recentSchema = z.object({
  version: z.literal(1),
  projects: z
    .array(z.object({ path: z.string().min(1), name: z.string(), openedAt: z.int().min(0) }))
    .max(MOST_RECENT),
})
type RecentFile = z.infer<typeof recentSchema>

export interface RecentProject {
  /** Stands for the path, which the interface does not see. */
  readonly recentId: string
  readonly name: string
  /** Its folder, to be shown. */
  readonly location: string
  readonly openedAt: number
  readonly available: boolean
}

function recentIdOf(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 16)
}

/** The list of projects opened last, newest first, in one small file of the app's own folder. */
export class RecentProjects {
  readonly #path: string

  constructor(dataFolder: string) {
    this.#path = join(dataFolder, 'recent-projects.json')
  }

  async list(): Promise<RecentProject[]> {
    const { projects } = await this.#read()
    return projects.map(({ path, name, openedAt }) => ({
      recentId: recentIdOf(path),
      name,
      location: dirname(path),
      openedAt,
      available: existsSync(path),
    }))
  }

  /** null when it is not in the list. */
  async pathOf(recentId: string): Promise<string | null> {
    const { projects } = await this.#read()
    return projects.find(({ path }) => recentIdOf(path) === recentId)?.path ?? null
  }

  async add(path: string, name: string, openedAt: number): Promise<void> {
    const { projects } = await this.#read()
    const others = projects.filter((project) => project.path !== path)
    await this.#write([{ path, name: name || basename(path), openedAt }, ...others])
  }

  async forget(recentId: string): Promise<void> {
    const { projects } = await this.#read()
    await this.#write(projects.filter(({ path }) => recentIdOf(path) !== recentId))
  }

  /** A list that is missing or unreadable is an empty one: nothing but convenience is lost. */
  async #read(): Promise<RecentFile> {
    try {
      return recentSchema.parse(JSON.parse(await readFile(this.#path, 'utf8')))
    } catch {
      return { version: 1, projects: [] }
    }
  }

  async #write(projects: RecentFile['projects']): Promise<void> {
    const file: RecentFile = { version: 1, projects: projects.slice(0, MOST_RECENT) }
    await writeFileAtomic(this.#path, `${JSON.stringify(file, null, 2)}\n`)
  }
}
