import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'electron-vite'
import { z } from 'zod'
import rendererConfig from '../vite.renderer.config.ts'
import { filesInPlace } from './files-in-place.ts'
import { listPackages } from './list-packages.ts'
import { UNBUNDLED_PACKAGES } from './unbundled-packages.ts'

const manifestSchema = z.object({ dependencies: z.record(z.string(), z.string()) })
const root = fileURLToPath(new URL('..', import.meta.url))
const out = join(root, 'out')
const mainFolder = join(out, 'main')
const script = (path: string): string => resolve(root, 'electron', path)

const dependencies = Object.keys(
  manifestSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).dependencies,
)
const unbundled: readonly string[] = UNBUNDLED_PACKAGES
const bundled = dependencies.filter((name) => !unbundled.includes(name))

export default defineConfig({
  main: {
    // As Node finds it when the sources run unbundled: its other build has no default export.
    resolve: { alias: { 'opentype.js': createRequire(import.meta.url).resolve('opentype.js') } },
    plugins: [filesInPlace(mainFolder), listPackages(join(out, 'main-packages.json'))],
    build: {
      outDir: mainFolder,
      emptyOutDir: true,
      target: 'node20.19',
      minify: false,
      externalizeDeps: { exclude: bundled },
      rollupOptions: {
        input: {
          main: script('main.ts'),
          'browser-host': script('browser-host.ts'),
          'engine-process': script('engine-process.ts'),
        },
        // All in one folder: what looks for a neighbour finds it from every chunk.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: join(out, 'preload'),
      emptyOutDir: true,
      minify: false,
      // A sandboxed preload script is one CommonJS file that can load Electron and nothing else.
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: script('preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    ...rendererConfig,
    plugins: [...(rendererConfig.plugins ?? []), listPackages(join(out, 'interface-packages.json'))],
    build: {
      ...rendererConfig.build,
      rolldownOptions: {
        ...rendererConfig.build?.rolldownOptions,
        input: join(root, 'renderer', 'index.html'),
      },
    },
  },
})
