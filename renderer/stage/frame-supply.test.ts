import { describe, expect, test } from 'vitest'
import type { Video } from '../../electron/contract/project.ts'
import { FrameSupply } from './frame-supply.ts'
import { PictureCache } from './picture-cache.ts'

function video(widthPx: number, heightPx: number): Video {
  return {
    id: 3,
    name: 'film',
    location: 'film.mp4',
    kind: 'video',
    link: 'linked',
    contentId: 'a'.repeat(32),
    widthPx,
    heightPx,
    pixelAspectRatio: 1,
    frameCount: 100,
    durationSeconds: 4,
    hasAudio: false,
    sortOrder: 0,
    markers: { inFrame: null, outFrame: null },
  }
}

function desk(film: Video) {
  const asked: string[] = []
  const come = new Map<string, (picture: ImageBitmap) => void>()
  const cache = new PictureCache<ImageBitmap>({
    load: (address, signal) =>
      new Promise((resolve, reject) => {
        asked.push(address)
        come.set(address, resolve)
        signal.addEventListener('abort', () => {
          reject(new Error('aborted'))
        })
      }),
    maxBytes: 1e9,
    concurrency: 8,
    onSettled: () => undefined,
    now: () => 0,
  })
  const supply = new FrameSupply(film, cache, (path) => path)
  const arrive = async (address: string): Promise<void> => {
    come.get(address)!({ width: 1, height: 1, close: () => undefined } as ImageBitmap)
    await Promise.resolve()
    await Promise.resolve()
  }
  /** Frame, format and width of what was asked for since the last call. */
  const take = (): string[] =>
    asked.splice(0).map((address) => {
      const [, frame, format, width] = /frames\/3\/(\d+)\?.*format=(\w+)(?:&width=(\d+))?/.exec(address)!
      return `${frame} ${format} ${width ?? 'whole'}`
    })
  return { supply, asked, arrive, take }
}

describe('which pictures are asked for', () => {
  test('resting: the exact one and those after it, then those before', () => {
    const { supply, take } = desk(video(1280, 720))
    supply.setSize({ deviceWidthPx: 1000, zoom: 0.78 })
    supply.wantResting(50)
    expect(take()).toEqual(['50 png whole', '51 png whole', '52 png whole'])
    supply.wantResting(50, true)
    expect(take()).toEqual(['49 png whole', '48 png whole'])
  })

  test('only frames that the film has', () => {
    const { supply, take } = desk(video(1280, 720))
    supply.wantResting(99, true)
    expect(take().map((wanted) => wanted.split(' ')[0])).toEqual(['99', '98', '97'])
  })

  test('a large film at the size of the stage, and whole when it is looked at 1:1', () => {
    const { supply, take } = desk(video(3840, 2160))
    supply.setSize({ deviceWidthPx: 1016, zoom: 0.26 })
    supply.wantResting(0)
    expect(take()[0]).toBe('0 png 1280')
    supply.setSize({ deviceWidthPx: 3840, zoom: 1 })
    supply.wantResting(0)
    expect(take()[0]).toBe('0 png whole')
  })

  test('moving and playing: quick ones, no larger than a screen needs', () => {
    const { supply, take } = desk(video(3840, 2160))
    supply.setSize({ deviceWidthPx: 2600, zoom: 0.68 })
    supply.wantMoving(7)
    expect(take()).toEqual(['7 jpeg 1280'])
    supply.want([8, 9])
    expect(take()).toEqual(['8 jpeg 1280', '9 jpeg 1280'])
  })

  test('a picture from before a change of size is shown until the new one comes', async () => {
    const { supply, asked, arrive } = desk(video(3840, 2160))
    supply.setSize({ deviceWidthPx: 1016, zoom: 0.26 })
    supply.wantResting(0)
    await arrive(asked[0]!)
    supply.setSize({ deviceWidthPx: 3840, zoom: 1 })
    expect(supply.has(0)).toBe(true)
    expect(supply.has(1)).toBe(false)
  })
})
