import { expect, it } from 'vitest'
import { isAlive } from './is-alive.ts'

it('knows this process from none', () => {
  expect(isAlive(process.pid)).toBe(true)
  // Beyond the largest number of Linux.
  expect(isAlive(2 ** 22 + 1)).toBe(false)
})
