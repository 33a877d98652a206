import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { build } from 'vite'
import { filesInPlace } from './files-in-place.ts'

test('a bundled module finds the file beside its source', async () => {
  const root = await mkdtemp(join(tmpdir(), 'maskwright-place-'))
  const out = join(root, 'out', 'main')
  await mkdir(join(root, 'models', 'zoo'), { recursive: true })
  await writeFile(join(root, 'models', 'zoo', 'weights.pt'), 'weights')
  await writeFile(join(root, 'models', 'zoo', 'thread.ts'), '')
  await writeFile(
    join(root, 'models', 'zoo', 'zoo.ts'),
    `export const weights = new URL('./weights.pt', import.meta.url)
     export const thread = new URL('./thread.ts', import.meta.url)
     export const missing = new URL('./missing.pt', import.meta.url)`,
  )
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [filesInPlace(out)],
    build: { ssr: join(root, 'models', 'zoo', 'zoo.ts'), outDir: out },
  })
  const built = (await import(pathToFileURL(join(out, 'zoo.mjs')).href)) as Record<string, URL>
  expect(built['weights']?.href).toBe(pathToFileURL(join(root, 'models', 'zoo', 'weights.pt')).href)
  expect(built['thread']?.href).toBe(pathToFileURL(join(out, 'thread.ts')).href)
  expect(built['missing']?.href).toBe(pathToFileURL(join(out, 'missing.pt')).href)
})
