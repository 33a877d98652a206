import { describe, expect, test } from 'vitest'
import { PictureCache, type Picture } from './picture-cache.ts'

class Sheet implements Picture {
  readonly width = 10
  readonly height = 10
  closed = false

  close(): void {
    this.closed = true
  }
}

/** Loads that the test settles itself. */
function desk(maxPictures = 100, concurrency = 2) {
  const started: string[] = []
  const aborted: string[] = []
  const settled: string[] = []
  const open = new Map<string, { come: (sheet: Sheet) => void; fail: () => void }>()
  let moment = 0
  const cache = new PictureCache<Sheet>({
    load: (address, signal) =>
      new Promise((resolve, reject) => {
        started.push(address)
        open.set(address, {
          come: resolve,
          fail: () => {
            reject(new Error('gone'))
          },
        })
        signal.addEventListener('abort', () => {
          aborted.push(address)
          reject(new Error('aborted'))
        })
      }),
    maxBytes: maxPictures * 400,
    concurrency,
    onSettled: (address) => settled.push(address),
    now: () => moment,
  })
  const come = async (address: string): Promise<Sheet> => {
    const sheet = new Sheet()
    open.get(address)!.come(sheet)
    await Promise.resolve()
    await Promise.resolve()
    return sheet
  }
  const fail = async (address: string): Promise<void> => {
    open.get(address)!.fail()
    await Promise.resolve()
    await Promise.resolve()
  }
  const pass = (ms: number): void => {
    moment += ms
  }
  return { cache, started, aborted, settled, come, fail, pass }
}

describe('picture cache', () => {
  test('loads the most urgent first, only so many at once', async () => {
    const { cache, started, come } = desk()
    cache.want(['a', 'b', 'c'], true)
    expect(started).toEqual(['a', 'b'])
    await come('a')
    expect(started).toEqual(['a', 'b', 'c'])
    expect(cache.has('a')).toBe(true)
    expect(cache.has('b')).toBe(false)
  })

  test('breaks off what is not wanted any more, and takes it up again', async () => {
    const { cache, started, aborted, come } = desk()
    cache.want(['a', 'b'], true)
    cache.want(['b', 'c'], true)
    expect(aborted).toEqual(['a'])
    cache.want(['a', 'b', 'c'], true)
    await come('b')
    expect(started).toEqual(['a', 'b', 'c', 'a'])
  })

  test('loads fewer at once when told so', async () => {
    const { cache, started, come } = desk()
    cache.want(['a', 'b'], false, 1)
    expect(started).toEqual(['a'])
    cache.want(['c'], false, 1)
    await come('a')
    expect(started).toEqual(['a', 'c'])
  })

  test('lets loads come that nobody waits for when it is told to', async () => {
    const { cache, aborted, come } = desk()
    cache.want(['a'], false)
    cache.want(['b'], false)
    expect(aborted).toEqual([])
    await come('a')
    expect(cache.has('a')).toBe(true)
  })

  test('keeps to its bytes, drops the longest unused first and closes it', async () => {
    const { cache, come } = desk(2)
    cache.want(['a', 'b'], true)
    const a = await come('a')
    const b = await come('b')
    cache.get('a')
    cache.want(['c'], true)
    await come('c')
    expect([cache.has('a'), cache.has('b'), cache.has('c')]).toEqual([true, false, true])
    expect([a.closed, b.closed]).toEqual([false, true])
  })

  test('drops the least urgent when even what is wanted is too much', async () => {
    const { cache, come } = desk(2, 3)
    cache.want(['a', 'b', 'c'], true)
    await come('c')
    await come('b')
    await come('a')
    expect([cache.has('a'), cache.has('b'), cache.has('c')]).toEqual([true, true, false])
  })

  test('never drops the one on the screen', async () => {
    const { cache, come } = desk(1)
    cache.want(['a'], true)
    const a = await come('a')
    cache.pin('a')
    cache.want(['b'], true)
    await come('b')
    expect([cache.has('a'), a.closed]).toEqual([true, false])
  })

  test('tries a failed one again, but not at once', async () => {
    const { cache, started, settled, fail, pass, come } = desk()
    cache.want(['a'], true)
    await fail('a')
    expect(settled).toEqual(['a'])
    expect(cache.failed('a')).toBe(true)
    cache.want(['a'], true)
    expect(started).toEqual(['a'])
    pass(2_000)
    cache.want(['a'], true)
    expect(started).toEqual(['a', 'a'])
    await come('a')
    expect(cache.failed('a')).toBe(false)
  })

  test('says how many pictures a second could come', async () => {
    const { cache, come, pass } = desk(100, 2)
    expect(cache.deliveredPerSecond()).toBeNull()
    cache.want(['a', 'b'], true)
    pass(100)
    await come('b')
    expect(cache.deliveredPerSecond()).toBeCloseTo(20, 6)
  })

  test('a picture that comes after closing is let go', async () => {
    const { cache, come, settled } = desk()
    cache.want(['a'], false)
    cache.close()
    const a = await come('a')
    expect(a.closed || !cache.has('a')).toBe(true)
    expect(settled).toEqual([])
  })
})
