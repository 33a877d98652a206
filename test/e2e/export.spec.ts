import { readdirSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { exportTargetSchema } from '../../electron/contract/export-options.ts'
import { importFormatSchema } from '../../electron/contract/import-options.ts'
import { importedMasks } from '../../electron/engine/export/dataset-fixture.ts'
import { runLengthIou } from '../../electron/engine/masks/run-length-sets.ts'
import { openVideo } from '../../electron/engine/video/open-video.ts'
import { en } from '../../renderer/texts/en.ts'
import { BOTTLES } from './studio/clips.ts'
import { stageOf } from './studio/stage.ts'
import { expect, test, type Studio } from './studio/studio.ts'
import { markRange, track } from './studio/tracking.ts'

const FIRST = 38
const FRAMES = 4
const FORMATS = exportTargetSchema.options.map((option) => option.shape.format.value)
const FILMS = new Set<string>(['annotated-mp4', 'mask-mp4', 'prores-4444', 'webm-alpha', 'green-screen'])

/** Exports the marked frames from the dialog into a new folder. @returns the files written, as paths below it */
async function exportAs(studio: Studio, format: (typeof FORMATS)[number]): Promise<string[]> {
  const folder = join(studio.folder, format)
  await mkdir(folder)
  const name = en.exports.names[format]
  await studio.page.keyboard.press('Control+e')
  await studio.page
    .getByRole('navigation', { name: 'Formats' })
    .getByRole('button', { name, exact: true })
    .click()
  await studio.host.chooseFolder(folder, () => studio.button('Choose folder…').click())
  await expect(studio.button(basename(folder))).toBeVisible()
  await studio.page
    .getByRole('dialog', { name: 'Export' })
    .getByRole('button', { name: 'Export', exact: true })
    .click()
  await expect(studio.button('Export something else')).toBeVisible()
  await studio.page.keyboard.press('Escape')
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** How many frames a format that only others read has written. */
function countIn(format: (typeof FORMATS)[number], files: readonly string[]): number {
  const linesOf = (name: string): string[] =>
    readFileSync(
      files.find((path) => basename(path) === name)!,
      'utf8',
    )
      .trim()
      .split('\n')
  switch (format) {
    case 'cutouts':
    case 'mots':
      return files.filter((path) => path.endsWith('.png')).length
    case 'mot':
      return linesOf('gt.txt').length
    case 'tracks-csv':
      return linesOf('tracks.csv').length - 1
    case 'tracks-json':
      return z.object({ frames: z.array(z.unknown()) }).parse(JSON.parse(linesOf('tracks.json').join('\n')))
        .frames.length
    default:
      throw new Error(`Nothing reads ${format} back.`)
  }
}

test('every format is exported from the dialog and read back', async ({ studio }) => {
  await studio.open(BOTTLES.path)
  const { page } = studio
  const stage = stageOf(page, BOTTLES.widthPx, BOTTLES.heightPx)
  await markRange(page, stage, FIRST, FIRST + FRAMES - 1)
  await stage.goToFrame(BOTTLES.frame)
  await stage.click(BOTTLES.middle)
  await track(page, () => page.keyboard.press('t'))
  const stored = await studio.stored()

  for (const format of FORMATS) {
    await test.step(format, async () => {
      const files = await exportAs(studio, format)
      const folder = join(studio.folder, format)
      const imported = importFormatSchema.safeParse(format)
      if (FILMS.has(format)) {
        expect(files).toHaveLength(1)
        const film = await openVideo(files[0]!)
        expect(film.frameCount).toBe(FRAMES)
        await film.close()
      } else if (imported.success) {
        const { labels, byFrame } = await importedMasks(imported.data, folder, await openVideo(BOTTLES.path))
        expect(labels.masks).toHaveLength(FRAMES)
        const counts = byFrame[FIRST + 2]!.get('Object 1')!
        const size: [number, number] = [BOTTLES.heightPx, BOTTLES.widthPx]
        expect(runLengthIou({ size, counts }, stored.mask('Object 1', FIRST + 2)!, 1)).toBeGreaterThan(0.97)
      } else expect(countIn(format, files)).toBe(FRAMES)
    })
  }
})
