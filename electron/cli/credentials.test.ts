import { afterEach, expect, it, vi } from 'vitest'
import { parseBatchArguments } from './batch-arguments.ts'
import { readJobFile } from './job-file.ts'
import { UsageError } from './usage-error.ts'
import { parseWorkerArguments } from './worker-command.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

const addresses = [
  'redis://:hunter2@host',
  'rediss://me:hunter2@host:6380/1',
  'redis://:a/hunter2@b@host',
  "redis://:a. b' hunter2@host",
  'redis://:hunter2',
  'http://me:hunter2@host',
]

function complaintOf(parse: () => unknown): string {
  try {
    parse()
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    return (error as UsageError).message
  }
  throw new Error('nothing was refused')
}

it.each(addresses)('repeats no password of an address in the wrong place: %s', async (address) => {
  vi.stubEnv('MASKWRIGHT_QUEUE', undefined)
  const complaints = [
    complaintOf(() => parseWorkerArguments([address])),
    complaintOf(() => parseWorkerArguments(['--queue', 'redis://host', '--store', 'x', '--span', address])),
    complaintOf(() => parseWorkerArguments(['--queue', 'redis://host', '--store', 'x', '--device', address])),
    complaintOf(() => parseWorkerArguments([`--queu=${address}`])),
    complaintOf(() => parseBatchArguments(['jobs.yaml', address])),
    complaintOf(() => parseBatchArguments(['jobs.yaml', '--workers', address])),
    await readJobFile(address).then(
      () => '',
      (error: unknown) => (error as Error).message,
    ),
  ]
  expect(complaints.join('\n')).not.toContain('hunter2')
  expect(complaints.join('\n')).toContain('***')
})

it('repeats what is no secret', () => {
  const sentence = complaintOf(() => parseBatchArguments(['jobs.yaml', 's3://bucket/folder']))
  expect(sentence).toContain('"s3://bucket/folder" was not expected')
})

it('leaves of an address what is no secret', () => {
  const sentence = complaintOf(() => parseBatchArguments(['jobs.yaml', 'redis://:hunter2@host']))
  expect(sentence).toContain('"redis://***@host" was not expected')
})
