import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './build-app.ts'

test('what the README points at is there (the guide checks its own links when it is built)', () => {
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const links = [...text.matchAll(/\]\(([^)#\s]+)/g)].map(([, link]) => link ?? '')
  const local = links.filter((link) => !/^[a-z]+:/.test(link))
  expect(local.length).toBeGreaterThan(3)
  expect(local.filter((link) => !existsSync(join(ROOT, link)))).toEqual([])
})
