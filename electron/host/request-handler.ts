import { Hono, type Context } from 'hono'
import type { Log } from '../contract/engine-surroundings.ts'
import { UserFacingError } from '../contract/errors.ts'
import { toFailure, TRANSPORT_CODES } from '../contract/failure.ts'
import { parseFrameUrl, type FrameAddress } from '../contract/frame-url.ts'
import type { Picture } from '../contract/host-link.ts'
import type { BundleFile, InterfaceBundle } from './interface-bundle.ts'
import type { LogRefusal } from './refusal-log.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

export interface RequestHandlerOptions {
  readonly bundle: InterfaceBundle
  /** @throws UserFacingError when there is no such picture or no engine. */
  readonly picture: (address: FrameAddress, signal: AbortSignal) => Promise<Picture>
  readonly log: Log
  readonly logRefusal: LogRefusal
}

/** Good for a year and never asked for again: the address names the content. */
const FOR_GOOD = 'private, max-age=31536000, immutable'

/**
 * Answers requests for the interface's files and for pictures of frames, the same in every host. It looks at the URL as
 * it came: nothing is decoded or joined to a path, so what is not exactly an address of ours is not found.
 */
export function createRequestHandler(
  options: RequestHandlerOptions,
): (request: Request) => Promise<Response> {
  const { bundle, log, logRefusal } = options
  const app = new Hono()

  app.use(async (context, next) => {
    await next()
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.res.headers.set(name, value)
  })

  app.get('*', (context) => {
    const { pathname, search } = new URL(context.req.url)
    const frame = parseFrameUrl(pathname + search)
    if (frame !== null) return answerFrame(context, frame)
    const file = search === '' ? bundle.get(pathname) : undefined
    return file === undefined ? notFound(context) : answerFile(context, file)
  })

  app.all('*', (context) => {
    logRefusal('A request with another method than GET was refused.')
    return context.text('Only GET is answered here.', 405, { Allow: 'GET, HEAD' })
  })

  app.onError((error, context) => {
    log('error', 'host', 'A request could not be answered.', error)
    return context.text('Something went wrong inside Maskwright.', 500)
  })

  function notFound(context: Context): Response {
    logRefusal('A request for something that is not there was refused.', {
      path: new URL(context.req.url).pathname.slice(0, 500),
    })
    return context.text('There is nothing here.', 404)
  }

  function answerFile(context: Context, file: BundleFile): Response {
    const headers = { ETag: file.etag, 'Cache-Control': file.isHashed ? FOR_GOOD : 'no-cache' }
    if (context.req.header('If-None-Match') === file.etag) return context.body(null, 304, headers)
    return context.body(file.bytes, 200, { ...headers, 'Content-Type': file.mediaType })
  }

  async function answerFrame(context: Context, address: FrameAddress): Promise<Response> {
    const { contentId, frameIndex, widthPx, format } = address
    const etag = `"${contentId}-${String(frameIndex)}-${String(widthPx ?? 'source')}-${format}"`
    const headers = { ETag: etag, 'Cache-Control': FOR_GOOD }
    if (context.req.header('If-None-Match') === etag) return context.body(null, 304, headers)
    const { signal } = context.req.raw
    try {
      const { mediaType, bytes } = await options.picture(address, signal)
      return context.body(bytes as Uint8Array<ArrayBuffer>, 200, { ...headers, 'Content-Type': mediaType })
    } catch (error) {
      // Nobody waits for the answer any more.
      if (signal.aborted) return context.body(null, 404)
      if (!(error instanceof UserFacingError)) log('error', 'host', 'A picture could not be made.', error)
      const { code, message } = toFailure(error)
      return context.json({ code, message }, statusOf(code), { 'Cache-Control': 'no-store' })
    }
  }

  return async (request) => app.fetch(request)
}

function statusOf(code: string): 404 | 500 | 503 {
  if (code === TRANSPORT_CODES.engineUnavailable) return 503
  return code === TRANSPORT_CODES.unexpected ? 500 : 404
}
