import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { readLogEntry } from './log-entry.ts'
import { openLogFile, readLastProblems } from './log-file.ts'

let folder: string
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'maskwright-log-')), 'logs')
})

test('a line is on disk when the call returns, with cause and stack in its detail', async () => {
  const log = openLogFile(folder, 'desktop')
  log('error', 'engine', 'It broke.', new Error('outer', { cause: new Error('inner /home/x') }))
  const entry = readLogEntry((await readFile(join(folder, 'desktop.log'), 'utf8')).trim())
  expect(entry).toMatchObject({ level: 'error', scope: 'engine', message: 'It broke.' })
  expect(entry?.detail).toMatch(/outer[^]*caused by[^]*inner/)
})

test('a full file is put aside, the oldest one falls away, no line is lost in between', async () => {
  const log = openLogFile(folder, 'desktop', { maxBytes: 1_000, kept: 2 })
  for (let number = 0; number < 40; number++) log('information', 'test', `line ${String(number)}`)
  expect((await readdir(folder)).sort()).toEqual(['desktop.1.log', 'desktop.2.log', 'desktop.log'])
  const texts = await Promise.all(
    ['desktop.2.log', 'desktop.1.log', 'desktop.log'].map((name) => readFile(join(folder, name), 'utf8')),
  )
  for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000)
  const numbers = texts
    .join('')
    .trim()
    .split('\n')
    .map((line) => Number(readLogEntry(line)?.message.slice(5)))
  const first = numbers[0]!
  expect(numbers).toEqual(Array.from({ length: 40 - first }, (_, index) => first + index))
})

test('a reopened log goes on where it was', async () => {
  openLogFile(folder, 'desktop')('information', 'test', 'one')
  openLogFile(folder, 'desktop')('information', 'test', 'two')
  expect((await readFile(join(folder, 'desktop.log'), 'utf8')).trim().split('\n')).toHaveLength(2)
})

test('a log that cannot be written does not disturb', async () => {
  const place = join(folder, '..', 'taken')
  await writeFile(place, '')
  const echoed: string[] = []
  const log = openLogFile(place, 'desktop', { echo: (line) => echoed.push(line) })
  log('error', 'test', 'still fine')
  expect(echoed).toEqual(['error: still fine'])
})

test('the last problems of all logs come in order, cut lines and mere information left out', async () => {
  const desktop = openLogFile(folder, 'desktop')
  const browser = openLogFile(folder, 'browser-host')
  desktop('warning', 'a', 'first')
  browser('information', 'a', 'not this')
  await new Promise((resolve) => setTimeout(resolve, 5))
  browser('error', 'b', 'second')
  await writeFile(join(folder, 'desktop.1.log'), '{"time":"2026-01-01T00:00')
  expect((await readLastProblems(folder)).map(({ message }) => message)).toEqual(['first', 'second'])
  expect((await readLastProblems(folder, 1)).map(({ message }) => message)).toEqual(['second'])
  expect(await readLastProblems(join(folder, 'missing'))).toEqual([])
})
