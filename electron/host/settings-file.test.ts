import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { DEFAULT_SETTINGS, settingsSchema } from '../contract/settings.ts'
import { openSettingsFile, SettingsNotSaved } from './settings-file.ts'

let folder: string
let path: string
const log = (): void => {}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-settings-'))
  path = join(folder, 'deep', 'settings.json')
})

async function writeSettings(text: string): Promise<void> {
  await mkdir(join(folder, 'deep'), { recursive: true })
  await writeFile(path, text)
}

test('defaults without a file; a change is on disk when it is acknowledged and there after reopening', async () => {
  const store = await openSettingsFile(path, log)
  expect(store.settings).toEqual(DEFAULT_SETTINGS)
  expect(store.places).toEqual({ modelsFolder: null, ffmpegProgram: null })
  const changed = await store.patch({ theme: 'light', shortcuts: { 'track.start': 'KeyT' } })
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ version: 1, theme: 'light' })
  expect(changed).toEqual(store.settings)
  await store.setPlace('modelsFolder', '/models')
  expect((await stat(path)).mode & 0o077).toBe(0)

  const again = await openSettingsFile(path, log)
  expect(again.settings).toEqual({
    ...DEFAULT_SETTINGS,
    theme: 'light',
    shortcuts: { 'track.start': 'KeyT' },
  })
  expect(again.places.modelsFolder).toBe('/models')
  expect(again.notices).toEqual([])
})

test('changes made at once all hold', async () => {
  const store = await openSettingsFile(path, log)
  await Promise.all([
    store.patch({ theme: 'dark' }),
    store.patch({ device: 'cpu:0' }),
    store.setPlace('ffmpegProgram', '/bin/ffmpeg'),
    store.patch({ showHints: false }),
  ])
  const again = await openSettingsFile(path, log)
  expect(again.settings).toMatchObject({ theme: 'dark', device: 'cpu:0', showHints: false })
  expect(again.places.ffmpegProgram).toBe('/bin/ffmpeg')
})

test('is settled when the changes under way are on disk', async () => {
  const store = await openSettingsFile(path, log)
  const changes = [store.patch({ theme: 'dark' }), store.setPlace('modelsFolder', '/models')]
  await store.settled()
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
    theme: 'dark',
    places: { modelsFolder: '/models' },
  })
  await Promise.all(changes)
})

test.each(['', '{"version":1,"the', 'null', '[]', '"x"', '{}'])(
  'of the damaged file %j the defaults and a copy are left',
  async (text) => {
    await writeSettings(text)
    const store = await openSettingsFile(path, log)
    expect(store.settings).toEqual(DEFAULT_SETTINGS)
    expect(store.notices).toHaveLength(1)
    expect(await readFile(join(folder, 'deep', 'settings.damaged.json'), 'utf8')).toBe(text)
    await store.patch({ theme: 'dark' })
    expect((await openSettingsFile(path, log)).notices).toEqual([])
  },
)

test('every valid field of a damaged file is kept', async () => {
  await writeSettings(
    JSON.stringify({
      ...DEFAULT_SETTINGS,
      theme: 'light',
      inputSizePx: 513,
      unknownField: 1,
      places: { modelsFolder: '/models', ffmpegProgram: null },
    }),
  )
  const store = await openSettingsFile(path, log)
  expect(store.settings).toEqual({ ...DEFAULT_SETTINGS, theme: 'light' })
  expect(store.places.modelsFolder).toBe('/models')
})

test('any JSON is opened without an exception, and gives valid settings', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.json(),
        fc
          .record({ theme: fc.anything(), modelId: fc.string(), version: fc.constant(1) })
          .map((v) => JSON.stringify(v)),
      ),
      async (text) => {
        await writeSettings(text)
        const { settings } = await openSettingsFile(path, log)
        expect(settingsSchema.parse(settings)).toEqual(settings)
      },
    ),
    { numRuns: 40 },
  )
})

test('a file of a newer version stays untouched, and changes are refused', async () => {
  const text = JSON.stringify({ version: 2, theme: 'light', somethingNew: true })
  await writeSettings(text)
  const store = await openSettingsFile(path, log)
  expect(store.settings).toEqual(DEFAULT_SETTINGS)
  await expect(store.patch({ theme: 'dark' })).rejects.toBeInstanceOf(SettingsNotSaved)
  expect(await readFile(path, 'utf8')).toBe(text)
  expect(await readdir(join(folder, 'deep'))).toEqual(['settings.json'])
})

test.each([
  ['a folder in its place', () => mkdir(path, { recursive: true })],
  [
    'a damaged one without room for a copy',
    async () => {
      await writeSettings('{"theme":"light","x":')
      await mkdir(join(folder, 'deep', 'settings.damaged.json'))
    },
  ],
])('%s does not keep the app from starting; it stays as it is, and changes are refused', async (_, make) => {
  await make()
  const before = await readdir(join(folder, 'deep'))
  const store = await openSettingsFile(path, log)
  expect(store.settings).toEqual(DEFAULT_SETTINGS)
  expect(store.notices).toHaveLength(1)
  await expect(store.patch({ theme: 'dark' })).rejects.toBeInstanceOf(SettingsNotSaved)
  expect(store.settings.theme).toBe('system')
  expect(await readdir(join(folder, 'deep'))).toEqual(before)
})

test('a change that cannot be written is taken back', async () => {
  const store = await openSettingsFile(path, log)
  await store.patch({ theme: 'dark' })
  await rm(join(folder, 'deep'), { recursive: true })
  // Root may write anywhere, so the folder's place is taken by a file.
  await writeFile(join(folder, 'deep'), '')
  await chmod(folder, 0o500)
  await expect(store.patch({ theme: 'light' })).rejects.toThrow('nothing was changed')
  expect(store.settings.theme).toBe('dark')
  await chmod(folder, 0o700)
  await rm(join(folder, 'deep'))
  expect((await store.patch({ showHints: false })).theme).toBe('dark')
})
