import { defineConfig } from '@playwright/test'
import { electronProgram, whyNoElectron } from '../../build/electron-program.ts'
import type { StudioOptions } from './studio/studio.ts'

const hasElectron = whyNoElectron(electronProgram()) === null

/** One suite, both windowed hosts; that of Electron only where its program is. */
export default defineConfig<StudioOptions>({
  testDir: '.',
  // There is no Redis for Windows.
  testIgnore: process.platform === 'win32' ? ['queue.spec.ts'] : [],
  globalSetup: './build-app.ts',
  outputDir: '../../test-results',
  timeout: 240_000,
  expect: { timeout: 60_000 },
  fullyParallel: true,
  forbidOnly: true,
  // The engines under test use every core themselves.
  workers: 2,
  reporter: [['list']],
  use: { colorScheme: 'dark', trace: 'retain-on-failure', actionTimeout: 30_000 },
  projects: [
    { name: 'browser', use: { hostKind: 'browser' } },
    ...(hasElectron ? [{ name: 'electron', use: { hostKind: 'electron' as const } }] : []),
  ],
})
