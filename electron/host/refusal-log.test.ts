import { expect, test } from 'vitest'
import { createRefusalLog } from './refusal-log.ts'

test('a flood of refusals is counted, not written', () => {
  const lines: string[] = []
  let nowMs = 0
  const logRefusal = createRefusalLog(
    (_level, _scope, message) => lines.push(message),
    () => nowMs,
  )
  for (let number = 0; number < 1_000; number++) logRefusal(`refusal ${String(number)}`)
  expect(lines).toHaveLength(60)
  nowMs = 60_000
  logRefusal('a new minute')
  expect(lines.slice(60)).toEqual(['940 more refusals were left out.', 'a new minute'])
})
