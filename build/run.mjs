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
try {
  await import(pathToFileURL(resolve(script)).href)
} catch (error) {
  const { failureSentence } = await import('../electron/engine/failure-sentence.ts')
  const ofSystem = error instanceof Error && 'syscall' in error ? error.message : null
  const ofSchema =
    error instanceof Error && error.name === 'ZodError' ? schemaSentence(error.issues[0]) : null
  const sentence = failureSentence(error) ?? ofSchema ?? ofSystem
  // What has no words for a person is a defect and is shown whole.
  if (sentence === null) throw error
  console.error(sentence)
  process.exit(1)
}

/** What is wrong with an option, and which it is; a text on how a script is used needs no more. */
function schemaSentence({ path, message }) {
  return path.length === 0 || message.startsWith('usage') ? message : `--${path.join('.')}: ${message}`
}
