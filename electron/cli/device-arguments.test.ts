import { describe, expect, it } from 'vitest'
import { deviceChoices } from '../engine/models/find-device.ts'
import { parseBatchArguments } from './batch-arguments.ts'
import { parseCarryArguments } from './carry-arguments.ts'
import { parseTrackArguments } from './track-arguments.ts'
import { UsageError } from './usage-error.ts'
import { parseWorkerArguments } from './worker-command.ts'

type Parse = (args: readonly string[]) => { readonly device: string }

describe.each<[string, Parse, string[]]>([
  ['track', parseTrackArguments, ['clip.mp4', '--object', 'ball', '--point', '0:1,1', '--out', 'out']],
  ['carry', parseCarryArguments, ['one.maskwright', '--to', 'clip.mp4']],
  ['batch', parseBatchArguments, ['jobs.yaml']],
  ['worker', parseWorkerArguments, ['--queue', 'redis://host', '--store', 'results']],
])('%s', (_, parse, args) => {
  it.each(deviceChoices)('takes the device %s', (device) => {
    expect(parse([...args, '--device', device]).device).toBe(device)
  })

  it('takes no other', () => {
    expect(() => parse([...args, '--device', 'gpu'])).toThrow(UsageError)
  })
})
