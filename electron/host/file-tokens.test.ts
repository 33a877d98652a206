import { expect, test } from 'vitest'
import { fileTokenSchema } from '../contract/scalars.ts'
import { createFileTokens } from './file-tokens.ts'

const file = { path: '/clips/a.mp4', purpose: 'addVideo', kind: 'file', selectable: true } as const

test('a token belongs to one window and goes with it', () => {
  const tokens = createFileTokens()
  const token = tokens.issue(1, file)
  expect(fileTokenSchema.safeParse(token).success).toBe(true)
  expect(tokens.issue(1, file)).toBe(token)
  expect(tokens.issue(2, file)).not.toBe(token)
  expect(tokens.issue(1, { ...file, purpose: 'relinkVideo' })).not.toBe(token)
  expect([tokens.find(1, token), tokens.find(2, token)]).toEqual([file, undefined])
  tokens.forget(1)
  expect(tokens.find(1, token)).toBeUndefined()
})

test('what the engine wrote can be shown by every window, and opened by none', () => {
  const tokens = createFileTokens()
  tokens.offer('O'.repeat(32), '/out/clip.mp4')
  expect(tokens.findPlace(1, 'O'.repeat(32))).toBe('/out/clip.mp4')
  expect(tokens.find(1, 'O'.repeat(32))).toBeUndefined()
  for (let number = 0; number < 1_000; number++) tokens.offer(`${String(number)}`.padStart(32, 'x'), '/x')
  expect(tokens.findPlace(1, 'O'.repeat(32))).toBeUndefined()
})

test('the table does not grow without end', () => {
  const tokens = createFileTokens(100)
  const first = tokens.issue(1, file)
  for (let number = 0; number < 100; number++) tokens.issue(1, { ...file, path: `/${String(number)}` })
  expect(tokens.find(1, first)).toBeUndefined()
})
