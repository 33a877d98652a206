import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskRecord } from '../testing/project-fixture.ts'
import { MaskCache } from './mask-cache.ts'

const none = (): boolean => false

test('what is not known, what is not there and what is there are three things', () => {
  const cache = new MaskCache(1e6)
  const mask = maskRecord(1, 5)
  expect(cache.get(5, 1)).toBeUndefined()
  cache.put(mask)
  expect(cache.get(5, 1)).toBe(mask)
  expect(cache.get(5, 2)).toBeUndefined()
  cache.complete(5)
  expect(cache.get(5, 2)).toBeNull()
  expect(cache.isComplete(5)).toBe(true)
})

describe('forgetting', () => {
  test('takes one object over a span and leaves the rest', () => {
    const cache = new MaskCache(1e6)
    for (const frame of [1, 2, 3]) {
      cache.put(maskRecord(1, frame))
      cache.put(maskRecord(2, frame))
      cache.complete(frame)
    }
    expect(cache.forget(1, 2, 9, none)).toBe(true)
    expect(cache.get(1, 1)).not.toBeUndefined()
    expect(cache.get(2, 1)).toBeUndefined()
    expect(cache.get(2, 2)).not.toBeUndefined()
    expect([1, 2, 3].map((frame) => cache.isComplete(frame))).toEqual([true, false, false])
  })

  test('spares what is current', () => {
    const cache = new MaskCache(1e6)
    const current = maskRecord(1, 2)
    cache.put(maskRecord(1, 1))
    cache.put(current)
    expect(cache.forget(1, 0, 9, (mask) => mask === current)).toBe(true)
    expect([cache.get(1, 1), cache.get(2, 1)]).toEqual([undefined, current])
    expect(cache.forget(1, 2, 2, () => true)).toBe(false)
  })
})

test('the frames that were looked at longest ago go first', () => {
  const one = new MaskCache(1e9)
  one.put(maskRecord(1, 0))
  const cache = new MaskCache(one.bytes * 3)
  for (const frame of [0, 1, 2]) cache.put(maskRecord(1, frame))
  cache.masksOf(0)
  cache.put(maskRecord(1, 3))
  expect([0, 1, 2, 3].map((frame) => cache.get(frame, 1) !== undefined)).toEqual([true, false, true, true])
})

const step = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    object: fc.nat(3),
    frame: fc.nat(30),
    area: fc.integer({ min: 0, max: 48 }),
  }),
  fc.record({ kind: fc.constant('forget' as const), object: fc.nat(3), first: fc.nat(30), last: fc.nat(30) }),
  fc.record({ kind: fc.constant('complete' as const), frame: fc.nat(30) }),
  fc.record({ kind: fc.constant('look' as const), frame: fc.nat(30) }),
)

test('whatever happens, memory stays bounded, is counted right, and no wrong mask is answered', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 2_000, max: 20_000 }),
      (steps, limit) => {
        const cache = new MaskCache(limit)
        const newest = new Map<string, unknown>()
        for (const one of steps) {
          if (one.kind === 'put') {
            const mask = maskRecord(one.object + 1, one.frame, one.area)
            newest.set(`${one.frame}:${one.object + 1}`, mask)
            cache.put(mask)
          } else if (one.kind === 'forget') {
            cache.forget(one.object + 1, one.first, one.last, none)
            for (let frame = one.first; frame <= one.last; frame++)
              newest.delete(`${frame}:${one.object + 1}`)
          } else if (one.kind === 'complete') cache.complete(one.frame)
          else cache.masksOf(one.frame)
          // A frame that is in use may be larger than the bound by itself.
          expect(cache.bytes <= limit || cache.frameCount === 1).toBe(true)
        }
        for (let frame = 0; frame <= 30; frame++)
          for (const mask of cache.masksOf(frame)) expect(mask).toBe(newest.get(`${frame}:${mask.objectId}`))
        for (let object = 1; object <= 4; object++) cache.forget(object, 0, 30, none)
        expect(cache.bytes).toBe(cache.frameCount * 400)
      },
    ),
  )
})
