import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const licenceSchema = z.object({ licenseText: z.string().min(1) })

/**
 * The standard texts of the licences in an SPDX expression, such as `Apache-2.0 AND LGPL-3.0-or-later`, in the words of the
 * SPDX list. A name that the list does not have stays a name.
 */
export async function standardLicence(root: string, expression: string): Promise<string> {
  const names = [...new Set(expression.split(/[\s()]+|\b(?:AND|OR|WITH)\b/).filter((name) => name !== ''))]
  const texts = await Promise.all(
    names.map(async (name) => {
      const file = join(root, 'node_modules', 'spdx-license-list', 'licenses', `${name}.json`)
      if (!/^[\w.+-]+$/.test(name) || !existsSync(file)) return `${name} (no standard text is known)`
      return licenceSchema.parse(JSON.parse(await readFile(file, 'utf8'))).licenseText
    }),
  )
  const opening = `The package carries no licence file. It is published under ${expression}, whose standard text follows.`
  return [opening, ...texts].join('\n\n')
}
