import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { findAppPlaces } from './app-places.ts'

test('a script finds its app, as source and built', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'maskwright-app-'))
  await mkdir(join(folder, 'out', 'main'), { recursive: true })
  await writeFile(join(folder, 'out', 'package.json'), '{"type":"module"}')
  await writeFile(join(folder, 'package.json'), '{"name":"maskwright","version":"3.2.1"}')
  const from = (...path: string[]) => findAppPlaces(pathToFileURL(join(folder, ...path)).href)
  expect(from('out', 'main', 'main.js')).toEqual({
    appFolder: folder,
    appVersion: '3.2.1',
    engineEntry: join(folder, 'out', 'main', 'engine-process.js'),
    interfaceFolder: join(folder, 'out', 'renderer'),
    preloadScript: join(folder, 'out', 'preload', 'preload.cjs'),
  })
  expect(from('electron', 'main.ts').engineEntry).toBe(join(folder, 'electron', 'engine-process.ts'))
  expect(() => findAppPlaces(pathToFileURL(join(tmpdir(), 'x.js')).href)).toThrow('does not lie')
})
