import { mkdir, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { LIMITS } from '../../../contract/limits.ts'
import { contentIdSchema } from '../../../contract/project.ts'
import { queueJobIdSchema } from '../../../contract/queue.ts'
import { idSchema, instantSchema, textSchema } from '../../../contract/scalars.ts'

const sentJobSchema = z.strictObject({
  jobId: queueJobIdSchema,
  projectId: z.uuid(),
  title: textSchema,
  videoId: idSchema,
  /** Of the video when it was sent. */
  contentId: contentIdSchema,
  /** The project's numbers of the job's objects, in the job's order. */
  objectIds: z.array(idSchema).min(1).max(LIMITS.objects),
  model: textSchema,
  sentAt: instantSchema,
  isTaken: z.boolean(),
})
export type SentJob = z.infer<typeof sentJobSchema>

const rememberedSchema = z.strictObject({
  version: z.literal(1),
  /** With its credentials, which is why nobody but the user may read the file. */
  address: textSchema.nullable(),
  /** A folder, or `s3://BUCKET[/FOLDER]`. */
  store: textSchema.nullable(),
  /** Newest first. */
  sent: z.array(sentJobSchema).max(LIMITS.queueJobs),
})
export type Remembered = z.infer<typeof rememberedSchema>

const NOTHING: Remembered = { version: 1, address: null, store: null, sent: [] }

/**
 * What this machine remembers of its queue, in a file of its own: the settings are told to the interface, and these
 * are not.
 */
export class QueueMemory {
  readonly #path: string
  #content: Promise<Remembered> | null = null

  /** @param folder the app's own */
  constructor(folder: string) {
    this.#path = join(folder, 'queue.json')
  }

  /** @throws the file system's error when the file is there but cannot be read */
  read(): Promise<Remembered> {
    return (this.#content ??= this.#load())
  }

  /** On disk when it resolves; one change after the other. @throws the file system's error; then all is as before */
  async change(next: (now: Remembered) => Remembered): Promise<void> {
    const before = this.read()
    const written = before.then(async (now) => {
      const wanted = next(now)
      const kept = rememberedSchema.parse({ ...wanted, sent: wanted.sent.slice(0, LIMITS.queueJobs) })
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 })
      await writeFileAtomic(this.#path, `${JSON.stringify(kept, null, 1)}\n`, { mode: 0o600 })
      return kept
    })
    this.#content = written.catch(() => before)
    await written
  }

  async #load(): Promise<Remembered> {
    const text = await readFile(this.#path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (text === null) return NOTHING
    const read = rememberedSchema.safeParse(parsed(text))
    if (read.success) return read.data
    // What is on the queue and in the store is not lost with it.
    await rename(this.#path, this.#path.replace(/\.json$/, '.damaged.json'))
    return NOTHING
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
