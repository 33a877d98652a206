import { expect, test } from 'vitest'
import { tokensIn } from './tokens-in.ts'

const token = 'A'.repeat(32)

test('finds tokens wherever they stand, and nothing that only looks alike', () => {
  expect(tokensIn({ fileTokens: [token, 'B'.repeat(32)], source: { deep: 'C'.repeat(22) } })).toEqual([
    token,
    'B'.repeat(32),
    'C'.repeat(22),
  ])
  expect(
    tokensIn({ path: `/home/${token}`, long: 'A'.repeat(65), short: 'A'.repeat(21), none: null }),
  ).toEqual([])
  expect(tokensIn(undefined)).toEqual([])
  expect(tokensIn(token)).toEqual([token])
})
