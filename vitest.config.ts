import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // The engines under test use every core themselves.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: 'node', include: ['{electron,models,build,test}/**/*.test.ts'], environment: 'node' },
      },
      {
        extends: true,
        // Nothing here keeps state between files, and reading the libraries anew for each takes most of the time.
        test: { name: 'renderer', include: ['renderer/**/*.test.ts'], environment: 'node', isolate: false },
      },
    ],
  },
})
