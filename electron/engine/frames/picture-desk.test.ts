import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openVideo } from '../video/open-video.ts'
import type { VideoSource } from '../video/video-source.ts'
import { PictureDesk } from './picture-desk.ts'
import { ThumbnailFiles } from './thumbnail-files.ts'

const clip = fileURLToPath(new URL('../../../test/fixtures/sample/bottles.mp4', import.meta.url))
const contentId = 'c'.repeat(32)
const never = new AbortController().signal
let folder: string
let video: VideoSource

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'maskwright-pictures-'))
  video = await openVideo(clip, { checkEveryFrame: false })
})
afterAll(async () => {
  await video.close()
  rmSync(folder, { recursive: true, force: true })
})

function desk(): PictureDesk {
  return new PictureDesk(() => 1_000_000, new ThumbnailFiles(folder, 1_000_000))
}

test('a PNG has the very pixels of the frame, a width is never enlarged', async () => {
  const address = { videoId: 1, contentId, frameIndex: 7, widthPx: 5_000, format: 'png' } as const
  const { bytes } = await desk().picture(address, () => Promise.resolve(video), never)
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
  expect(info).toMatchObject({ width: video.widthPx, height: video.heightPx, channels: 3 })
  expect(Buffer.compare(data, (await video.frameAt(7)).rgb)).toBe(0)
})

test('thumbnails are found again on disk, without the video', async () => {
  const address = { videoId: 1, contentId, frameIndex: 30, widthPx: 120, format: 'jpeg' } as const
  const made = await desk().picture(address, () => Promise.resolve(video), never)
  await expect.poll(() => readdirSync(join(folder, contentId))).toContain('30-120.jpeg')
  const gone = (): Promise<VideoSource> => Promise.reject(new Error('The video is gone.'))
  const again = await desk().picture(address, gone, never)
  expect(Buffer.compare(again.bytes, made.bytes)).toBe(0)
  await new ThumbnailFiles(folder, 10).trim()
  await expect(desk().picture(address, gone, never)).rejects.toThrow('gone')
})

test('one of several waiting thumbnails is given up alone', async () => {
  const pictures = desk()
  const given = new AbortController()
  const ask = (frameIndex: number, signal: AbortSignal) =>
    pictures.picture(
      { videoId: 1, contentId, frameIndex, widthPx: 100, format: 'jpeg' },
      () => Promise.resolve(video),
      signal,
    )
  const asked = [ask(1, never), ask(2, given.signal), ask(3, never)]
  given.abort()
  const [first, second, third] = await Promise.allSettled(asked)
  expect([first!.status, second!.status, third!.status]).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})
