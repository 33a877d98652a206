import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Begins with the file that takes minutes, beside all others; at the end it would run alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith('/webgpu.test.ts')
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  plugins: [vue()],
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // The engines under test use every core themselves.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
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
