import { mkdir, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  AttemptFailed,
  DownloadCancelled,
  DownloadFailed,
  FolderUnusable,
  isDiskError,
  NotEnoughDiskSpace,
} from './download-errors.ts'
import { lockDownload } from './download-lock.ts'
import { fetchRemainder } from './fetch-remainder.ts'
import { sha256OfFile } from './file-hash.ts'
import { PartialFile } from './partial-file.ts'

/** A file to be had from one of several addresses. */
export interface DownloadRequest {
  /** Where it may be had, best first; all serve the same bytes. */
  readonly urls: readonly string[]
  /** Its path once it is complete and checked. */
  readonly file: string
  readonly bytes: number
  /** Lower-case hexadecimal. */
  readonly sha256: string
  readonly signal?: AbortSignal
  /** Called at most every 100 ms, and at the end of each phase. */
  readonly onProgress?: (progress: DownloadProgress) => void
  readonly patience?: Partial<DownloadPatience>
}

export interface DownloadProgress {
  readonly phase: 'downloading' | 'checking'
  readonly doneBytes: number
  readonly totalBytes: number
}

/** When to wait and when to give up. */
export interface DownloadPatience {
  /** An attempt fails when next to nothing comes for so long. */
  readonly stallMs: number
  /** The wait after the first failure; doubles with each one in a row. */
  readonly firstRetryMs: number
  readonly longestRetryMs: number
  /** Gives up after so many attempts in a row that brought less than a hundredth of the file. */
  readonly maxFailures: number
}

const usualPatience: DownloadPatience = {
  stallMs: 30_000,
  firstRetryMs: 1_000,
  longestRetryMs: 30_000,
  maxFailures: 8,
}

/**
 * Downloads a file: goes on where an earlier try stopped, tries the addresses in turn, waits longer after each failure,
 * and gives the file its name only after its length and SHA-256 were checked. A file that is there and right is kept.
 * @throws DownloadFailed, NotEnoughDiskSpace, FolderUnusable, DownloadCancelled, DownloadInProgress
 */
export async function download(request: DownloadRequest): Promise<void> {
  let release: (() => Promise<void>) | null = null
  try {
    await mkdir(dirname(request.file), { recursive: true })
    release = await lockDownload(request.file)
    const progress = new ProgressReport(request)
    if (await isRight(request, request.file, progress)) return
    await new Attempts(request, progress).run()
  } catch (error) {
    if (request.signal?.aborted) throw new DownloadCancelled(request.file)
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
      const missingBytes = request.bytes - (await new PartialFile(request.file).sizeBytes())
      throw new NotEnoughDiskSpace(dirname(request.file), missingBytes, { cause: error })
    }
    throw isDiskError(error) ? new FolderUnusable(dirname(request.file), error) : error
  } finally {
    await release?.()
  }
}

class Attempts {
  readonly #request: DownloadRequest
  readonly #progress: ProgressReport
  readonly #patience: DownloadPatience
  readonly #partial: PartialFile
  readonly #signal: AbortSignal
  readonly #reasons: string[] = []
  #urls: readonly string[]

  constructor(request: DownloadRequest, progress: ProgressReport) {
    this.#request = request
    this.#progress = progress
    this.#patience = { ...usualPatience, ...request.patience }
    this.#partial = new PartialFile(request.file)
    this.#signal = request.signal ?? new AbortController().signal
    this.#urls = request.urls
  }

  async run(): Promise<void> {
    await this.#checkDiskSpace()
    let failures = 0
    // Counted by themselves: between two of them as much may come as a server likes to take back again.
    let startOvers = 0
    const { maxFailures } = this.#patience
    for (let turn = 0; Math.max(failures, startOvers) < maxFailures && this.#urls.length > 0; turn += 1) {
      const url = this.#urls[turn % this.#urls.length]!
      const before = await this.#partial.sizeBytes()
      try {
        await this.#attempt(url)
        return
      } catch (error) {
        if (!(error instanceof AttemptFailed)) throw error
        this.#reasons.push(`${new URL(url).host} ${error.message}.`)
        if (error.startOver) await this.#partial.discard()
        if (error.permanent) this.#urls = this.#urls.filter((other) => other !== url)
        const left = await this.#partial.sizeBytes()
        failures = left - before > this.#request.bytes / 100 ? 1 : failures + 1
        if (left === 0) startOvers += 1
        await this.#wait(failures, error)
      }
    }
    throw new DownloadFailed(this.#request.file, this.#reasons)
  }

  async #attempt(url: string): Promise<void> {
    const { bytes } = this.#request
    const partialBytes = await this.#partial.sizeBytes()
    if (partialBytes > bytes) await this.#partial.discard()
    if (partialBytes !== bytes) {
      await fetchRemainder({
        url,
        partial: this.#partial,
        totalBytes: bytes,
        stallMs: this.#patience.stallMs,
        signal: this.#signal,
        onBytes: (doneBytes) => this.#progress.report('downloading', doneBytes),
      })
    }
    if (await isRight(this.#request, this.#partial.path, this.#progress)) return this.#partial.commit()
    await this.#discardWrongBytes(url)
  }

  /** Where all wrong bytes came from one address, that one is out; else all get another chance from the beginning. */
  async #discardWrongBytes(url: string): Promise<never> {
    const sources = Object.keys(await this.#partial.sources())
    await this.#partial.discard()
    const permanent = sources.length === 1 && sources[0] === url
    throw new AttemptFailed('sent other bytes than the published file has', { permanent })
  }

  async #wait(failures: number, failure: AttemptFailed): Promise<void> {
    if (this.#urls.length === 0 || failures >= this.#patience.maxFailures) return
    const { firstRetryMs, longestRetryMs } = this.#patience
    const backOffMs = Math.min(firstRetryMs * 2 ** (failures - 1), longestRetryMs)
    // Spread, so that many machines that lost the same server do not come back at the same moment.
    const waitMs = Math.max(backOffMs * (0.5 + Math.random() / 2), failure.retryAfterMs)
    await sleep(waitMs, undefined, { signal: this.#signal })
  }

  async #checkDiskSpace(): Promise<void> {
    const folder = dirname(this.#request.file)
    const neededBytes = this.#request.bytes - (await this.#partial.sizeBytes())
    const { bavail, bsize } = await statfs(folder)
    if (bavail * bsize < neededBytes) throw new NotEnoughDiskSpace(folder, neededBytes)
  }
}

/** Whether the file at this path has the length and the hash that were asked for. */
async function isRight(request: DownloadRequest, path: string, progress: ProgressReport): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  if (found?.size !== request.bytes) return false
  const hash = await sha256OfFile(path, {
    onBytes: (doneBytes) => progress.report('checking', doneBytes),
    ...(request.signal ? { signal: request.signal } : {}),
  })
  return hash === request.sha256
}

class ProgressReport {
  readonly #request: DownloadRequest
  #lastMs = -Infinity

  constructor(request: DownloadRequest) {
    this.#request = request
  }

  report(phase: DownloadProgress['phase'], doneBytes: number): void {
    const now = performance.now()
    const totalBytes = this.#request.bytes
    if (doneBytes < totalBytes && now - this.#lastMs < 100) return
    this.#lastMs = now
    this.#request.onProgress?.({ phase, doneBytes, totalBytes })
  }
}
