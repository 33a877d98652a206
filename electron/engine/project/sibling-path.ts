import { access } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'

/** A free name beside a file that says what it is: `film.damaged.maskwright`, then `film.damaged-2.maskwright`. */
export async function siblingPath(path: string, what: string): Promise<string> {
  const extension = extname(path)
  const stem = basename(path, extension)
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? what : `${what}-${String(number)}`
    const candidate = join(dirname(path), `${stem}.${suffix}${extension}`)
    try {
      await access(candidate)
    } catch {
      return candidate
    }
  }
}
