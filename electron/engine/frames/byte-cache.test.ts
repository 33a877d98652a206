import { expect, test } from 'vitest'
import { ByteCache } from './byte-cache.ts'

test('keeps what was used lately, up to its bytes', () => {
  const cache = new ByteCache<number>(
    () => 10,
    (bytes) => bytes,
  )
  cache.set('a', 4)
  cache.set('b', 4)
  expect(cache.get('a')).toBe(4)
  cache.set('c', 4)
  expect(cache.get('b')).toBeUndefined()
  expect(cache.get('a')).toBe(4)
  cache.set('a', 10)
  expect(cache.get('c')).toBeUndefined()
  expect(cache.get('a')).toBe(10)
})
