import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { AttemptFailed, isDiskError } from './download-errors.ts'
import type { PartialFile } from './partial-file.ts'

/** What one attempt needs. */
export interface RemainderRequest {
  readonly url: string
  readonly partial: PartialFile
  /** Length of the whole file. */
  readonly totalBytes: number
  /** The attempt fails when next to nothing comes for so long. */
  readonly stallMs: number
  readonly signal: AbortSignal
  /** Hears how many bytes of the whole are on disk. */
  onBytes(doneBytes: number): void
}

/** The longest wait that a server's Retry-After may ask for. */
const maxRetryAfterMs = 60_000

/**
 * Fetches what the partial file still lacks from one address, or all of it where the server does not send parts.
 * @throws AttemptFailed; what came before stays in the partial file
 */
export async function fetchRemainder(request: RemainderRequest): Promise<void> {
  const stall = new StallTimer(request.stallMs)
  const signal = AbortSignal.any([request.signal, stall.signal])
  try {
    const offsetBytes = await request.partial.sizeBytes()
    stall.restart()
    const response = await fetch(request.url, { headers: await rangeHeaders(request, offsetBytes), signal })
    const startBytes = startOfBody(response, offsetBytes, request.totalBytes)
    await request.partial.addSource(request.url, strongValidator(response))
    await appendBody(request, response, startBytes, stall)
  } catch (error) {
    if (error instanceof AttemptFailed || isDiskError(error)) throw error
    request.signal.throwIfAborted()
    if (stall.signal.aborted) throw new AttemptFailed('sent next to nothing for too long', { cause: error })
    throw brokenConnection(error)
  } finally {
    stall.end()
  }
}

async function rangeHeaders(request: RemainderRequest, offsetBytes: number): Promise<Record<string, string>> {
  // A compressed body would have other offsets than the file.
  const headers: Record<string, string> = { 'accept-encoding': 'identity' }
  if (offsetBytes === 0) return headers
  headers['range'] = `bytes=${offsetBytes}-`
  const validator = (await request.partial.sources())[request.url]
  if (validator) headers['if-range'] = validator
  return headers
}

/** Where in the file the response's body begins. */
function startOfBody(response: Response, offsetBytes: number, totalBytes: number): number {
  if (response.status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '')
    if (range && Number(range[1]) === offsetBytes && ['*', String(totalBytes)].includes(range[2]!)) {
      return offsetBytes
    }
    throw new AttemptFailed('sent another part than was asked for', { startOver: true })
  }
  if (response.status === 200) {
    // A network that asks its guests to sign in answers for everybody.
    if (response.headers.get('content-type')?.startsWith('text/html'))
      throw new AttemptFailed('sent a web page instead of the file', { permanent: true })
    const length = response.headers.get('content-length')
    if (length !== null && Number(length) !== totalBytes) {
      throw new AttemptFailed(`has a file of ${length} bytes instead of ${totalBytes}`, { permanent: true })
    }
    return 0
  }
  if (response.status === 416)
    throw new AttemptFailed('has fewer bytes than came before', { startOver: true })
  const passing = response.status >= 500 || response.status === 408 || response.status === 429
  const waitSeconds = Number(response.headers.get('retry-after') ?? 0)
  throw new AttemptFailed(`answered ${response.status}`, {
    permanent: !passing,
    retryAfterMs: waitSeconds > 0 ? Math.min(waitSeconds * 1000, maxRetryAfterMs) : 0,
  })
}

function strongValidator(response: Response): string {
  const tag = response.headers.get('etag') ?? ''
  return tag.startsWith('"') ? tag : ''
}

async function appendBody(
  request: RemainderRequest,
  response: Response,
  startBytes: number,
  stall: StallTimer,
): Promise<void> {
  const handle = await open(request.partial.path, constants.O_RDWR | constants.O_CREAT, 0o644)
  try {
    await handle.truncate(startBytes)
    let doneBytes = startBytes
    request.onBytes(doneBytes)
    for await (const chunk of response.body ?? []) {
      stall.pause(chunk.length)
      if (doneBytes + chunk.length > request.totalBytes) {
        throw new AttemptFailed('sent more than the file', { permanent: true })
      }
      await writeAll(handle, chunk, doneBytes)
      doneBytes += chunk.length
      request.onBytes(doneBytes)
      stall.resume()
    }
    if (doneBytes < request.totalBytes) throw new AttemptFailed('stopped before the end')
  } finally {
    await handle.close()
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, positionBytes: number): Promise<void> {
  let written = 0
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(
      bytes,
      written,
      bytes.length - written,
      positionBytes + written,
    )
    written += bytesWritten
  }
}

/** Why a connection failed, in words; which of these another try cannot mend. */
function brokenConnection(error: unknown): AttemptFailed {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const message = cause instanceof Error ? cause.message : ''
  const fail = (reason: string, permanent: boolean): AttemptFailed =>
    new AttemptFailed(reason, { permanent, cause: error })
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return fail('was not found: is there a network', false)
  if (code === 'ECONNREFUSED') return fail('refused the connection', false)
  if (/CERT|SSL|TLS/.test(code)) return fail(`could not show who it is (${code})`, true)
  if (/redirect count|scheme/i.test(message))
    return fail('sends from one address to the next without end', true)
  return fail('broke the connection', false)
}

/** Fewer bytes than these are no life: a server that drips would hold the download for ever. */
const enoughBytes = 16_384

/** Ends an attempt when next to nothing comes for so long; what our own disk takes does not count. */
class StallTimer {
  readonly #controller = new AbortController()
  readonly #stallMs: number
  #timer: NodeJS.Timeout | undefined
  #leftMs = 0
  #runsSince = 0
  #receivedBytes = 0

  constructor(stallMs: number) {
    this.#stallMs = stallMs
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  restart(): void {
    this.#leftMs = this.#stallMs
    this.#receivedBytes = 0
    this.resume()
  }

  /** Something came, and is being written. */
  pause(receivedBytes: number): void {
    clearTimeout(this.#timer)
    this.#receivedBytes += receivedBytes
    this.#leftMs -= performance.now() - this.#runsSince
  }

  resume(): void {
    if (this.#receivedBytes >= enoughBytes) {
      this.#leftMs = this.#stallMs
      this.#receivedBytes = 0
    }
    clearTimeout(this.#timer)
    this.#runsSince = performance.now()
    this.#timer = setTimeout(() => this.#controller.abort(), Math.max(0, this.#leftMs))
  }

  /** Also ends the connection where the body was not read to its end. */
  end(): void {
    clearTimeout(this.#timer)
    this.#controller.abort()
  }
}
