import { expect, it } from 'vitest'
import { parseCarryArguments } from './carry-arguments.ts'
import { parseTrackArguments } from './track-arguments.ts'
import type { TrackingArguments } from './tracking-arguments.ts'
import { UsageError } from './usage-error.ts'

const commands: [string, (options: string[]) => TrackingArguments][] = [
  [
    'track',
    (options) =>
      parseTrackArguments(['a.mp4', '--out', 'o', '--object', 'b', '--point', '0:1,1', ...options]),
  ],
  ['carry', (options) => parseCarryArguments(['a.maskwright', '--to', 'b.mp4', ...options])],
]

it.each(commands)('%s reads how objects are followed', (_, parse) => {
  expect(parse([])).toMatchObject({
    mode: 'default',
    tracking: { memorySelection: 'selective', followZoom: true, detectShots: true, exclusiveObjects: false },
  })
  const options = ['--mode', 'reference', '--memory', 'sam2', '--follow-zoom', 'off', '--shots', 'off']
  expect(parse(options)).toMatchObject({
    mode: 'reference',
    tracking: { memorySelection: 'sam2', followZoom: false, detectShots: false, exclusiveObjects: false },
  })
  expect(parse(['--exclusive'])).toMatchObject({ mode: 'default', tracking: { exclusiveObjects: true } })
  expect(() => parse(['--memory', 'all'])).toThrow(UsageError)
})

it.each(commands)('%s says what the reference mode does not have', (_, parse) => {
  for (const options of [
    ['--exclusive'],
    ['--memory', 'selective'],
    ['--follow-zoom', 'auto'],
    ['--shots', 'on'],
  ]) {
    const refused = () => parse(['--mode', 'reference', ...options])
    expect(refused).toThrow(UsageError)
    expect(refused).toThrow(
      `Reference mode follows the official predictor to the letter and has no ${options[0]!}:`,
    )
    expect(parse(options).mode).toBe('default')
  }
  expect(() => parse(['--mode', 'reference', '--memory', 'selective', '--exclusive'])).toThrow(
    'has no --memory, --exclusive: leave that out, or take the default mode.',
  )
})
