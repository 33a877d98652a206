import { existsSync, readFileSync } from 'node:fs'

/**
 * For tests: a file written by the formats' own tools, from `../shared/formats`. Outside CI a checkout without that
 * folder falls back on the small copy in `test/fixtures/formats`.
 */
export function formatFixture(path: string): Buffer {
  const shared = new URL(`../../../../shared/formats/${path}`, import.meta.url)
  const copy = new URL(`../../../test/fixtures/formats/${path}`, import.meta.url)
  return readFileSync(existsSync(shared) || process.env['CI'] === 'true' ? shared : copy)
}

/** For tests: as `formatFixture`, a JSON list. */
export function formatFixtureList<Entry>(path: string): Entry[] {
  return JSON.parse(formatFixture(path).toString('utf8')) as Entry[]
}
