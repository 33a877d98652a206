import { expect, it } from 'vitest'
import { batchFaults } from './batch-faults.ts'

it('loses no job and makes none twice while workers die, Redis restarts and the store refuses', async () => {
  const report = await batchFaults({
    ...{ jobs: 5, workers: 2, frames: 6, killEverySeconds: 9, mostKills: 2, seed: 7 },
    say: () => {},
  })
  expect(report).toMatchObject({ results: 5, identical: 5, failed: 0, madeTwice: 0, redisRestarts: 1 })
  expect(report.kills).toBeGreaterThan(0)
  expect(report.storeRefusals).toBeGreaterThan(0)
}, 600_000)
