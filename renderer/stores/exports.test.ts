// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { openStudio } from '../testing/open-studio.ts'
import { useExports } from './exports.ts'
import { useNotices } from './notices.ts'

test('an export that the engine took along is not shown as going on', async () => {
  const { host } = await openStudio()
  const exports = useExports()
  host.emit('export.progress', {
    ...{ exportId: 1, state: 'running', framesDone: 3, framesTotal: 9 },
    ...{ secondsLeft: null, report: null, failure: null, output: null },
  })
  expect(exports.running).toHaveLength(1)
  host.emit('engine.status', { state: 'restarting', attempt: 1, message: null })
  expect(exports.running).toEqual([])
  expect(exports.progress.get(1)?.state).toBe('failed')
  expect(useNotices().shown.map(({ code }) => code)).toContain('ExportFailed')
})
