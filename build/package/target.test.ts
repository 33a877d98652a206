import { expect, test } from 'vitest'
import { nameOfTarget, targetOf, thisTarget } from './target.ts'

test('names this machine, and what was asked for', () => {
  expect(thisTarget('darwin', 'arm64')).toEqual({ system: 'mac', arch: 'arm64' })
  expect(thisTarget('win32', 'x64')).toEqual({ system: 'win', arch: 'x64' })
  expect(nameOfTarget(targetOf('linux', 'arm64'))).toBe('linux-arm64')
})

test('refuses what no package is made for', () => {
  expect(() => thisTarget('freebsd', 'x64')).toThrow('No package is made for freebsd on x64.')
  expect(() => thisTarget('linux', 'ia32')).toThrow('ia32')
  expect(() => targetOf('mac', 'x64')).toThrow(
    'No package is made for mac on x64. ONNX Runtime has no library for Macs with an Intel processor.',
  )
  expect(() => targetOf('plan9', 'x64')).toThrow('plan9')
})
