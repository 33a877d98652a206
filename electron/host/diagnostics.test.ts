import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { diagnosticsText, withoutPaths } from './diagnostics.ts'

test('says versions, machine, devices and last errors', () => {
  const text = diagnosticsText({
    appVersion: '1.2.3',
    lines: ['webgpu:0 works, 12x the CPU'],
    problems: [
      {
        time: '2026-11-01T10:00:00.000Z',
        level: 'error',
        scope: 'engine',
        message: 'The engine ended (code null, signal SIGKILL).',
        detail: `${homedir()}/Videos/my child.mp4`,
      },
    ],
  })
  expect(text).toContain('Maskwright 1.2.3')
  expect(text).toContain(`node ${process.versions.node}`)
  expect(text).toContain('webgpu:0 works, 12x the CPU')
  expect(text).toContain('error [engine] The engine ended (code null, signal SIGKILL).')
  expect(text).not.toContain('child')
})

test.each([
  [`open '${join(homedir(), 'Videos', 'my clip.mp4')}' failed`, 'clip'],
  ['ENOENT: no such file, open "/mnt/shoot 3/secret take.mov"', 'secret'],
  ['at /srv/people/secret.mp4:12', 'secret'],
  ['(/srv/people/secret.mp4)', 'secret'],
  ['C:\\Users\\someone\\secret.mp4 is gone', 'secret'],
  ['"D:/shoot/secret take.mp4" is gone', 'secret'],
  ['file:///srv/secret.mp4', 'secret'],
  ['../beside/secret.mp4', 'secret'],
  ['~/secret.mp4', 'secret'],
  ['\\\\server\\share\\secret.mp4', 'secret'],
])('takes the path out of %j', (text, secret) => {
  expect(withoutPaths(text)).not.toContain(secret)
})

test('leaves words, fractions and versions as they are', () => {
  const text = 'The graphs ran 12/s on webgpu:0 (Vulkan 1.3), and/or on the CPU; it is 3 x faster.'
  expect(withoutPaths(text)).toBe(text)
})
