import { BOTTLES } from './studio/clips.ts'
import { docsPicture } from './studio/docs-picture.ts'
import { stageOf } from './studio/stage.ts'
import { expect, test } from './studio/studio.ts'
import { chooseWay, markRange, track } from './studio/tracking.ts'

const LAST = 44
const { frame, middle, leftBox } = BOTTLES

test.describe('with a low threshold', () => {
  test.use({ settings: { suspicionThreshold: 0.1 } })

  test('one goes from suspect stretch to suspect stretch and is told why', async ({ studio }) => {
    await studio.open(BOTTLES.path)
    const { page } = studio
    const stage = stageOf(page, BOTTLES.widthPx, BOTTLES.heightPx)
    await markRange(page, stage, frame, LAST)
    await stage.goToFrame(frame)
    await stage.click(middle)
    await track(page, () => chooseWay(page, 'Track forward'))
    const suspicions = new Map((await studio.stored()).masks.map((mask) => [mask.frameIndex, mask.suspicion]))
    const suspects = [...suspicions].filter(([, suspicion]) => suspicion! > 0.1).map(([index]) => index)
    // A frame that a person prompted is none, however unsure the model is of it.
    expect(suspicions.get(frame)).toBe(0)
    expect(suspects).toEqual([40, 41, 42, 43, LAST])
    await expect(page.getByText('5 suspect frames')).toBeVisible()

    // What a person calls absent is none either, and parts what were neighbours.
    await stage.goToFrame(42)
    await page.keyboard.press('x')
    await expect(page.getByText('4 suspect frames')).toBeVisible()
    const stops = [40, 43]
    await stage.goToFrame(frame)
    for (const suspect of stops) {
      await page.keyboard.press('s')
      await expect(page.getByTestId('stage')).toHaveAttribute('data-shown-frame', String(suspect))
      await expect(
        page.getByRole('complementary', { name: 'Here and now' }).getByText(/^Suspect/),
      ).toBeVisible()
    }
    await page.keyboard.press('s')
    await expect(page.getByText('No suspect stretch begins after this frame.')).toBeVisible()
    await page.keyboard.press('Shift+S')
    await expect(page.getByTestId('stage')).toHaveAttribute('data-shown-frame', String(stops[0]))
  })
})

test('two objects that come to lie on each other are a warning', async ({ studio }, testInfo) => {
  await studio.open(BOTTLES.path)
  const { page } = studio
  const stage = stageOf(page, BOTTLES.widthPx, BOTTLES.heightPx)
  const middleBox = BOTTLES.middleBox
  await markRange(page, stage, frame, LAST)
  await page.keyboard.press('b')
  await stage.goToFrame(frame)
  await stage.drag(middleBox)
  await page.keyboard.press('n')
  await stage.drag(leftBox)
  // Two frames on, the second object is said to be where the first one is.
  await stage.goToFrame(frame + 2)
  await stage.drag(middleBox)
  await stage.goToFrame(frame)
  await track(page, () => chooseWay(page, 'Track forward'))

  await expect(page.getByText(/Object 1 and Object 2 come together on frame 4\d\./)).toBeVisible()
  await docsPicture(page, 'look-alike', testInfo)
  await page.getByRole('button', { name: /^Go to frame 4\d$/ }).click()
  await expect(page.getByTestId('stage')).toHaveAttribute('data-shown-frame', /^4\d$/)
  await expect(page.getByText(/come together/)).toBeHidden()
  const { masks, project } = await studio.stored()
  const first = project.objects.find(({ name }) => name === 'Object 1')!.id
  const marked = masks.filter(({ objectId }) => objectId === first)
  expect(marked.find(({ frameIndex }) => frameIndex === frame + 2)!.suspectReasons).toContain('lookAlike')
})

test('a cut is set, seen and taken back', async ({ studio }) => {
  await studio.open(BOTTLES.path)
  const { page } = studio
  const stage = stageOf(page, BOTTLES.widthPx, BOTTLES.heightPx)
  await stage.goToFrame(frame)
  await page.keyboard.press('Shift+C')
  await expect
    .poll(async () => (await studio.stored()).project.shots)
    .toMatchObject([{ frameIndex: frame, kind: 'cut', source: 'user' }])
  await page.keyboard.press('Shift+C')
  await expect.poll(async () => (await studio.stored()).project.shots).toEqual([])
})
