import { expect, test } from 'vitest'
import { tracksFileSchema } from './tracks.ts'

const entry = {
  ...{ objectId: 1, present: true, box: [0, 0, 1, 1], area: 1, centroid: [0.5, 0.5] },
  ...{ objectScore: 1, predictedIou: 1 },
}

function file(version: number) {
  const size = { widthPx: 1, heightPx: 1, pixelAspectRatio: 1, frameCount: 1, averageFrameRate: 25 }
  return {
    ...{ version, video: { file: 'a.mp4', ...size, timeBase: { numerator: 1, denominator: 25 } } },
    ...{ objects: [], frames: [{ frame: 0, timeSeconds: 0, objects: [entry] }], framesWritten: 1 },
  }
}

test('a file of the first version is read: nothing in it says what is suspect or where shots begin', () => {
  const { frames, shots } = tracksFileSchema.parse(file(1))
  expect([frames[0]!.objects[0]!.suspicion, shots]).toEqual([null, null])
})

test('a file of a newer version is refused', () => {
  expect(tracksFileSchema.safeParse(file(3)).success).toBe(false)
})
