import { LIMITS } from '../../contract/limits.ts'

/** A name from outside as a project takes it: without control characters, not too long, not blank. */
export function cleanName(
  name: string,
  fallback: string,
  mostCharacters: number = LIMITS.nameLength,
): string {
  const cleaned = name
    // eslint-disable-next-line no-control-regex -- they are what is to go
    .replace(/[\u0000-\u001f\u007f]/gu, ' ')
    .trim()
    .slice(0, mostCharacters)
    .trim()
  return cleaned === '' ? fallback : cleaned
}
