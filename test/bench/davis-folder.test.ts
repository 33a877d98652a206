import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { encode } from 'fast-png'
import { afterAll, expect, test } from 'vitest'
import { NoSuchSequence, readTrueLabels, sequencesIn } from './davis-folder.ts'

const folder = mkdtempSync(join(tmpdir(), 'maskwright-davis-'))
afterAll(() => rmSync(folder, { recursive: true }))

const png = (width: number, height: number) =>
  encode({ width, height, channels: 1, depth: 8, data: new Uint8Array(width * height).fill(255) })

function put(kind: string, sequence: string, files: readonly string[]): void {
  const path = join(folder, kind, '480p', sequence)
  mkdirSync(path, { recursive: true })
  for (const file of files) writeFileSync(join(path, file), png(4, 2))
}

const stems = Array.from({ length: 12 }, (_, index) => String(index))
put('JPEGImages', 'plain', [...stems.map((stem) => `${stem}.webp`), 'notes.txt'])
put(
  'Annotations',
  'plain',
  [...stems, 'of-no-frame'].map((stem) => `${stem}.png`),
)

test('masks belong to the frames of their names, in the order in which the frames are opened', async () => {
  const [sequence] = await sequencesIn(folder)
  const places = [...sequence!.maskFiles].map(([frameIndex, file]) => `${frameIndex} ${basename(file)}`)
  expect(places).toEqual(stems.map((stem) => `${stem} ${stem}.png`))
})

test('a name that is no sequence is not dropped beside one that is', async () => {
  await expect(sequencesIn(folder, ['plain', 'typo'])).rejects.toThrow(NoSuchSequence)
  expect(await sequencesIn(folder, ['plain'])).toHaveLength(1)
})

test('a mask of another size, or a damaged one, is named', async () => {
  const file = join(folder, 'mask.png')
  writeFileSync(file, png(4, 2))
  expect((await readTrueLabels(file, { widthPx: 4, heightPx: 2 })).objectIds).toEqual([1])
  await expect(readTrueLabels(file, { widthPx: 8, heightPx: 2 })).rejects.toThrow(
    `${file}: it is 4 x 2 pixels, its frame 8 x 2.`,
  )
  writeFileSync(file, png(4, 2).subarray(0, 50))
  await expect(readTrueLabels(file, { widthPx: 4, heightPx: 2 })).rejects.toThrow(`${file}: `)
})
