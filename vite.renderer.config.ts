import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

/** The interface, the same bundle for Electron and the browser host; both serve `out/renderer`. */
export default defineConfig({
  root: fileURLToPath(new URL('renderer', import.meta.url)),
  // Relative, so that it works under any prefix a host puts before it.
  base: './',
  plugins: [vue()],
  build: {
    outDir: fileURLToPath(new URL('out/renderer', import.meta.url)),
    emptyOutDir: true,
    target: 'chrome140',
    // The policy of the hosts allows no script or font in an address of the data: scheme.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // With the library that it sets up in one chunk, the set-up comes before any chunk that makes schemas.
        codeSplitting: { groups: [{ name: 'schemas', test: /node_modules\/zod\/|strict-schemas/ }] },
      },
    },
  },
})
