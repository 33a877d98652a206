import { UserFacingError } from '../../../contract/errors.ts'

/** Not an address of a Redis server. The address is not repeated: it may carry a password. */
export class NotARedisAddress extends UserFacingError {
  constructor() {
    super(
      'not-a-redis-address',
      'The queue must be an address such as redis://HOST:PORT or rediss://HOST:PORT. In a password, write % as %25.',
    )
  }
}

/** The queue cannot be reached or refuses; said without its credentials. */
export class QueueUnavailable extends UserFacingError {
  constructor(address: RedisAddress, cause: unknown) {
    // The cause is not kept: the client's errors carry the commands they sent, passwords and all.
    super(
      'queue-unavailable',
      `The queue ${address.shown} cannot be used (${address.redacted(reasonOf(cause))}).`,
    )
  }
}

/** Where a queue is, with a name for people that has no credentials in it. */
export class RedisAddress {
  /** For logs and sentences: scheme, host, port and database. */
  readonly shown: string
  readonly #url: URL
  readonly #username: string
  readonly #password: string

  /** @throws NotARedisAddress */
  constructor(text: string) {
    const url = URL.canParse(text) ? new URL(text) : null
    if (url === null || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '')
      throw new NotARedisAddress()
    if (!/^(\/\d{1,4})?\/?$/.test(url.pathname)) throw new NotARedisAddress()
    this.#url = url
    this.#username = decoded(url.username)
    this.#password = decoded(url.password)
    this.shown = `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}`
  }

  /** What the client needs. The only way to the credentials. */
  connection(): {
    host: string
    port: number
    username?: string
    password?: string
    db: number
    tls?: object
  } {
    const { hostname, port, pathname, protocol } = this.#url
    const [username, password] = [this.#username, this.#password]
    return {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? 6379 : Number(port),
      db: Number(pathname.replaceAll('/', '') || 0),
      ...(username === '' ? {} : { username }),
      ...(password === '' ? {} : { password }),
      ...(protocol === 'rediss:' ? { tls: {} } : {}),
    }
  }

  /** A text of others without the credentials of this address. */
  redacted(text: string): string {
    const { username, password, href } = this.#url
    let clean = text.replaceAll(href, this.shown)
    for (const secret of [password, this.#password, username, this.#username])
      if (secret.length > 0 && secret !== 'default') clean = clean.replaceAll(secret, '***')
    return clean
  }

  toString(): string {
    return this.shown
  }

  toJSON(): string {
    return this.shown
  }
}

/** @throws NotARedisAddress for a percent sign that stands for nothing */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new NotARedisAddress()
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  if (cause instanceof AggregateError && cause.message === '') return cause.errors.map(reasonOf).join(', ')
  return cause.message
}
