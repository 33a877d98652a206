import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'electron-vite'
import rendererConfig from '../vite.renderer.config.ts'
import { filesInPlace } from './files-in-place.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = join(root, 'out')
const mainFolder = join(out, 'main')
const script = (path: string): string => resolve(root, 'electron', path)

export default defineConfig({
  main: {
    plugins: [filesInPlace(mainFolder)],
    build: {
      outDir: mainFolder,
      emptyOutDir: true,
      target: 'node20.19',
      minify: false,
      rollupOptions: {
        input: {
          main: script('main.ts'),
          'browser-host': script('browser-host.ts'),
          'engine-process': script('engine-process.ts'),
          'tracker-thread': script('engine/tracking/tracker-thread.ts'),
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
    build: {
      ...rendererConfig.build,
      rolldownOptions: {
        ...rendererConfig.build?.rolldownOptions,
        input: join(root, 'renderer', 'index.html'),
      },
    },
  },
})
