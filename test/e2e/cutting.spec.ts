import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { intersectRunLength } from '../../electron/engine/masks/run-length-sets.ts'
import { runLengthArea } from '../../electron/engine/masks/run-length-measures.ts'
import { findMediaTools } from '../../electron/engine/video/media-tools.ts'
import { BOTTLES } from './studio/clips.ts'
import { docsPicture } from './studio/docs-picture.ts'
import { stageOf } from './studio/stage.ts'
import { expect, test } from './studio/studio.ts'
import { chooseWay, markRange, track } from './studio/tracking.ts'

const run = promisify(execFile)
const shotFrames = 8

/** The bottles, and from frame 8 on a piece of the wall behind them. */
async function makeCutFilm(file: string): Promise<void> {
  const { frame, widthPx, heightPx } = BOTTLES
  const bottles = `[0:v]trim=start_frame=${String(frame)}:end_frame=${String(frame + shotFrames)},setpts=N/30/TB[first]`
  const wall = `[0:v]trim=start_frame=${String(frame)}:end_frame=${String(frame + shotFrames)},setpts=N/30/TB,crop=160:90:390:10,scale=${String(widthPx)}:${String(heightPx)}[second]`
  const joined = '[first][second]concat=n=2,setsar=1,fps=30,format=yuv420p'
  const graph = [bottles, wall, joined].join(';')
  const output = ['-r', '30', '-c:v', 'libx264', '-preset', 'ultrafast', file]
  const { ffmpeg } = await findMediaTools()
  await run(ffmpeg, ['-v', 'error', '-y', '-i', BOTTLES.path, '-filter_complex', graph, ...output])
}

test('a cut is found on the way, stands on the timeline, and stays away once it is taken back', async ({
  studio,
}, testInfo) => {
  const film = join(studio.folder, 'cut.mp4')
  await makeCutFilm(film)
  await studio.open(film)
  const { page } = studio
  const stage = stageOf(page, BOTTLES.widthPx, BOTTLES.heightPx)
  await stage.goToFrame(0)
  await page.keyboard.press('b')
  await stage.drag(BOTTLES.middleBox)
  await track(page, () => chooseWay(page, 'Track forward'))
  const { project } = await studio.stored()
  expect(project.shots).toMatchObject([{ frameIndex: shotFrames, kind: 'cut', source: 'detected' }])
  await stage.goToFrame(shotFrames + 2)
  await expect(page.getByText(/not found since the cut/)).toBeVisible()
  await docsPicture(page, 'cut', testInfo)

  // It can be dragged by its handle, and a click on that goes to it.
  const timeline = await page.getByTestId('timeline').boundingBox()
  const handle = (frameIndex: number): { x: number; y: number } => ({
    x: timeline!.x + 8 + (frameIndex * (timeline!.width - 16)) / (2 * shotFrames),
    y: timeline!.y + 12,
  })
  const cutFrames = async (): Promise<number[]> =>
    (await studio.stored()).project.shots.map(({ frameIndex }) => frameIndex)
  await page.mouse.move(handle(shotFrames).x, handle(shotFrames).y)
  await page.mouse.down()
  await page.mouse.move(handle(shotFrames + 1).x, handle(shotFrames + 1).y, { steps: 4 })
  await page.mouse.up()
  await expect.poll(cutFrames).toEqual([shotFrames + 1])
  await page.mouse.click(handle(shotFrames + 1).x, handle(shotFrames + 1).y)
  await expect(page.getByTestId('stage')).toHaveAttribute('data-shown-frame', String(shotFrames + 1))
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(cutFrames).toEqual([shotFrames])

  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(async () => (await studio.stored()).project.shots).toEqual([])
  await page.getByRole('button', { name: 'Redo' }).click()
  await expect.poll(async () => (await studio.stored()).project.shots).toHaveLength(1)

  await stage.goToFrame(shotFrames)
  await page.keyboard.press('Shift+C')
  await expect.poll(async () => (await studio.stored()).project.shots).toEqual([])
  await stage.goToFrame(0)
  await track(page, () => chooseWay(page, 'Track forward'))
  expect((await studio.stored()).project.shots).toEqual([])
})

test.describe('where objects may not overlap', () => {
  test.use({ settings: { exclusiveObjects: true } })

  test('each pixel of a run belongs to one object', async ({ studio }) => {
    await studio.open(BOTTLES.path)
    const { page } = studio
    const { frame } = BOTTLES
    const stage = stageOf(page, BOTTLES.widthPx, BOTTLES.heightPx)
    await markRange(page, stage, frame, frame + 2)
    await stage.goToFrame(frame)
    await page.keyboard.press('b')
    // Two boxes around the same bottle.
    await stage.drag(BOTTLES.middleBox)
    await page.keyboard.press('n')
    await stage.drag([
      { x: 287, y: 108 },
      { x: 345, y: 312 },
    ])
    await track(page, () => chooseWay(page, 'Track forward'))
    const { masks } = await studio.stored()
    const prompted = masks.filter(({ frameIndex }) => frameIndex === frame)
    expect(runLengthArea(intersectRunLength(prompted[0]!.mask, prompted[1]!.mask))).toBeGreaterThan(0)
    for (const tracked of [frame + 1, frame + 2]) {
      const [first, second] = masks.filter(({ frameIndex }) => frameIndex === tracked)
      expect(runLengthArea(intersectRunLength(first!.mask, second!.mask))).toBe(0)
      expect(runLengthArea(first!.mask) + runLengthArea(second!.mask)).toBeGreaterThan(0)
    }
  })
})
