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
  expect(parse([...options, '--exclusive'])).toMatchObject({
    mode: 'reference',
    tracking: { memorySelection: 'sam2', followZoom: false, detectShots: false, exclusiveObjects: true },
  })
  expect(() => parse(['--memory', 'all'])).toThrow(UsageError)
})
