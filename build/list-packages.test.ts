import { expect, test } from 'vitest'
import { packageOfModule } from './list-packages.ts'

test('names the package that a module comes from', () => {
  expect(packageOfModule('/app/electron/main.ts')).toBeNull()
  expect(packageOfModule('/app/node_modules/ws/lib/x.js')).toBe('ws')
  expect(packageOfModule('/app/node_modules/@vue/shared/dist/x.js?commonjs')).toBe('@vue/shared')
  expect(packageOfModule('C:\\app\\node_modules\\a\\node_modules\\b\\x.js')).toBe('b')
  expect(packageOfModule('/app/node_modules/.cache/x.js')).toBeNull()
})
