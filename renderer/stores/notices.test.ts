// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest'
import { UserFacingError } from '../../electron/contract/errors.ts'
import { openStudio } from '../testing/open-studio.ts'
import { useNotices } from './notices.ts'

beforeEach(async () => {
  await openStudio()
})

const codes = (): string[] => useNotices().shown.map((notice) => notice.code)

test('the same sentence does not pile up, and only the newest few are shown', () => {
  const { add } = useNotices()
  for (const code of ['A', 'B', 'A', 'C', 'D', 'E', 'F']) add({ level: 'warning', code, message: 'x' })
  expect(codes()).toEqual(['A', 'C', 'D', 'E', 'F'])
})

test('only errors written for people keep their words', () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const { addError, shown: _ } = useNotices()
  addError(new UserFacingError('DiskFull', 'The disk is full.'))
  addError(new Error('ENOENT /home/someone/secret.mp4'))
  addError(new UserFacingError('Cancelled', 'Stopped.'))
  expect(codes()).toEqual(['DiskFull', 'Unexpected'])
  expect(JSON.stringify(useNotices().shown)).not.toContain('secret')
  expect(log).toHaveBeenCalledTimes(1)
  log.mockRestore()
})
