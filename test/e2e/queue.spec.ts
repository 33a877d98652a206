import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { WorkerCrew } from '../faults/batch-workers.ts'
import { startRedis } from '../fixtures/batch/redis-server.ts'
import { BOTTLES, cutBottles } from './studio/clips.ts'
import { docsPicture } from './studio/docs-picture.ts'
import { stageOf } from './studio/stage.ts'
import { expect, test } from './studio/studio.ts'

const FRAMES = 6
const PASSWORD = 'correct-horse'

test('a video is sent to a queue, tracked by a worker, taken back, and undone', async ({
  studio,
}, testInfo) => {
  // A worker starts from source beside the studio.
  test.setTimeout(480_000)
  const film = join(studio.folder, 'monday.mp4')
  await cutBottles(film, 1.1, FRAMES)
  const store = join(studio.folder, 'results')
  mkdirSync(store)
  const redisFolder = join(studio.folder, 'redis')
  mkdirSync(redisFolder)
  const redis = await startRedis(redisFolder, ['--requirepass', PASSWORD])
  const address = redis.address.replace('redis://', `redis://:${PASSWORD}@`)
  let crew: WorkerCrew | null = null
  try {
    await studio.open(film)
    const { page } = studio
    const stage = stageOf(page, BOTTLES.widthPx, BOTTLES.heightPx)
    await stage.goToFrame(3)
    await page.keyboard.press('b')
    await stage.drag(BOTTLES.middleBox)

    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByRole('textbox').fill('send to queue')
    await page.getByRole('option', { name: 'Send to queue…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Send to queue' })
    await dialog.getByRole('textbox', { name: 'Queue' }).fill(address)
    await studio.host.chooseFolder(store, () =>
      dialog.getByRole('button', { name: 'Choose folder…' }).click(),
    )
    await dialog.getByRole('button', { name: 'Connect' }).click()
    await expect(dialog.getByText(redis.address)).toBeVisible()
    await expect(dialog.getByText('0 waiting · 0 at work')).toBeVisible()

    // Nobody works yet, so that it waits and can be taken out again.
    const jobs = dialog.getByRole('list', { name: 'Sent from this project' }).getByRole('listitem')
    const send = dialog.getByRole('button', { name: 'Send 1 video' })
    await send.click()
    await expect(jobs).toContainText(['Waiting for a worker'])
    await dialog.getByRole('button', { name: 'Cancel monday.mp4' }).click()
    await expect(dialog.getByText('Nothing was sent yet.')).toBeVisible()
    await send.click()
    await expect(jobs).toContainText(['Waiting for a worker'])

    crew = new WorkerCrew({ queue: address, store, count: 1, userId: null })
    await expect(jobs).toContainText(['Done'], { timeout: 300_000 })
    // Where this machine keeps things has no place in a guide.
    await dialog.getByText(store).evaluate((note) => (note.textContent = '/shared/results'))
    await dialog.getByText(redis.address).evaluate((label) => (label.textContent = 'redis://queue:6379'))
    await docsPicture(page, 'queue', testInfo)
    await jobs.getByRole('button', { name: 'Take', exact: true }).click()
    await expect(jobs).toContainText(['Done, taken into the project'])
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()

    const frames = async () => (await studio.stored()).frames('Object 1')
    await expect.poll(frames).toEqual([0, 1, 2, 3, 4, 5])
    const { project } = await studio.stored()
    expect(project.versions.map(({ origin }) => origin)).toEqual(['prompt', 'import'])
    await page.keyboard.press('Control+z')
    await expect.poll(frames).toEqual([3])

    const logs = join(studio.folder, 'data', 'logs')
    for (const name of readdirSync(logs))
      expect(readFileSync(join(logs, name), 'utf8')).not.toContain(PASSWORD)
    expect(await page.content()).not.toContain(PASSWORD)
  } finally {
    await crew?.end()
    await redis.stop()
  }
})
