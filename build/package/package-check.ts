// `npm run package:check DIR`: opens what `npm run package -- --dir` made and says what is wrong with it; ends with 1 then.
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { ROOT } from '../build-app.ts'
import { checkPackage } from './check/check-package.ts'
import { NoPackage } from './check/open-package.ts'

const folder = process.argv[2]
if (folder === undefined) {
  console.error('Usage: npm run package:check FOLDER')
  process.exit(2)
}
try {
  const { lines, problems } = await checkPackage(resolve(folder), [ROOT, homedir()])
  for (const line of lines) console.log(line)
  for (const problem of problems) console.error(`- ${problem}`)
  console.log(problems.length === 0 ? 'The package holds.' : `${String(problems.length)} problems.`)
  process.exitCode = problems.length === 0 ? 0 : 1
} catch (error) {
  if (!(error instanceof NoPackage)) throw error
  console.error(error.message)
  process.exitCode = 1
}
