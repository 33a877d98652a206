import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'

export interface WorkerCrewOptions {
  readonly queue: string
  readonly store: string
  readonly count: number
  /** Runs the workers as another user, so that file permissions hold them where this process is root. */
  readonly userId: number | null
  /** Further variables of their surroundings, such as where S3 is. */
  readonly environment?: Readonly<Record<string, string>>
  /** What they say, errors too. */
  onLine?(line: string): void
}

/** Worker processes, each replaced by a new one when it is killed. */
export class WorkerCrew {
  readonly #options: WorkerCrewOptions
  readonly #workers = new Set<ChildProcess>()
  /** Those that wait for jobs or have one: killing others would only keep the crew from its work. */
  readonly #atWork = new Set<ChildProcess>()
  #isOver = false
  kills = 0

  constructor(options: WorkerCrewOptions) {
    this.#options = options
    for (let n = 0; n < options.count; n++) this.#start()
  }

  /** Kills one that is at work with SIGKILL; another takes its place. */
  killOne(random: () => number): void {
    const workers = [...this.#atWork]
    const victim = workers[Math.floor(random() * workers.length)]
    if (victim === undefined) return
    this.#atWork.delete(victim)
    victim.kill('SIGKILL')
    this.kills++
  }

  async end(): Promise<void> {
    this.#isOver = true
    const ends = [...this.#workers].map((worker) => once(worker, 'exit'))
    for (const worker of this.#workers) worker.kill('SIGKILL')
    await Promise.all(ends)
  }

  #start(): void {
    const { queue, store, userId, environment, onLine } = this.#options
    const worker = spawn(
      process.execPath,
      [
        ...[resolve('build/maskwright.mjs'), 'worker', '--store', store],
        ...['--threads', '1', '--span', '4', '--lost-after', '4'],
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...environment, MASKWRIGHT_QUEUE: queue },
        ...(userId === null ? {} : { uid: userId, gid: userId }),
      },
    )
    createInterface(worker.stdout).on('line', (line) => {
      this.#atWork.add(worker)
      onLine?.(line)
    })
    createInterface(worker.stderr).on('line', (line) => onLine?.(line))
    this.#workers.add(worker)
    worker.once('exit', () => {
      this.#workers.delete(worker)
      this.#atWork.delete(worker)
      if (!this.#isOver) this.#start()
    })
  }
}
