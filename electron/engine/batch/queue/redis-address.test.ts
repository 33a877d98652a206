import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { NotARedisAddress, QueueUnavailable, RedisAddress } from './redis-address.ts'

const address = new RedisAddress('redis://worker:s3cr%40t@queue.example:6380/2')

it('gives the client what it needs', () => {
  expect(address.connection()).toEqual({
    ...{ host: 'queue.example', port: 6380, db: 2 },
    ...{ username: 'worker', password: 's3cr@t' },
  })
  expect(new RedisAddress('rediss://[::1]').connection()).toEqual({ host: '::1', port: 6379, db: 0, tls: {} })
})

it('shows no credentials, however it is shown', () => {
  const cause = Object.assign(
    new Error('WRONGPASS for redis://worker:s3cr%40t@queue.example:6380/2 (s3cr@t)'),
    {
      command: { name: 'auth', args: ['worker', 's3cr@t'] },
    },
  )
  const error = new QueueUnavailable(address, cause)
  const shown = [
    String(address),
    JSON.stringify(address),
    inspect(address),
    inspect(error, { depth: 9 }),
  ].join()
  expect(shown).toContain('queue.example:6380/2')
  expect(shown).not.toMatch(/s3cr|worker/)
})

it.each([
  '',
  'queue.example:6379',
  'http://queue.example',
  'redis://',
  'redis://host/x',
  'redis://user:s3cret@/0',
  'redis://:50%@host',
  'redis://50%@host',
])('refuses %j without repeating it', (text) => {
  expect(() => new RedisAddress(text)).toThrow(NotARedisAddress)
  expect(new NotARedisAddress().message).not.toContain('s3cret')
})
