import { existsSync, readFileSync } from 'node:fs'

/**
 * For tests: a list written by the formats' own tools, from `../shared/formats`. Outside CI a checkout without that
 * folder falls back on the small copy in `test/fixtures/formats`.
 */
export function readFormatFixture<Entry>(name: string): Entry[] {
  const shared = new URL(`../../../../shared/formats/${name}`, import.meta.url)
  const copy = new URL(`../../../test/fixtures/formats/${name}`, import.meta.url)
  const source = existsSync(shared) || process.env['CI'] === 'true' ? shared : copy
  return JSON.parse(readFileSync(source, 'utf8')) as Entry[]
}
