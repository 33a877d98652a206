// Runs a TypeScript script of this repository: node build/run.mjs path/to/script.ts [arguments]
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { register } from 'tsx/esm/api'

const script = process.argv[2]
if (script === undefined) {
  console.error('Usage: node build/run.mjs path/to/script.ts [arguments]')
  process.exit(2)
}
register()
process.argv.splice(1, 2, resolve(script))
await import(pathToFileURL(resolve(script)).href)
