import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openCheckpoint } from '../../models/checkpoint/checkpoint.ts'
import { Sam2Model } from '../../models/sam2/sam2-model.ts'
import { formatTable } from '../../electron/cli/text-table.ts'
import { sharedMaterial } from '../fixtures/shared-material.ts'
import { ParityTally, quantities, tolerance } from './compare.ts'
import { openReferenceFolder, referenceFoldersIn } from './reference-folder.ts'
import { runScenario } from './run-scenario.ts'

// npm run parity -- FOLDER...: holds the predictor against the official one's numbers, scenario by scenario. A folder
// is one of reference numbers, or holds such folders; without any it is those beside the checkout, or the copies here.

const given = process.argv.slice(2)
const paths =
  given.length > 0
    ? given
    : ['reference', 'nano/reference'].map((path) => fileURLToPath(sharedMaterial(path)))

const rows: string[][] = [['folder', 'scenarios', ...quantities, 'result']]
let allPassed = true
for (const path of paths.flatMap(referenceFoldersIn)) {
  const name = basename(path)
  const folder = await openReferenceFolder(path)
  const model = await Sam2Model.load(await openCheckpoint(folder.checkpointPath), folder.configuration)
  const tally = new ParityTally()
  const scenarios = Object.keys(folder.scenarios)
  for (const scenario of scenarios) {
    await runScenario(folder, scenario, model, tally).catch((error: unknown) => {
      tally.complaints.push(`${scenario}: ${error instanceof Error ? error.message : String(error)}`)
    })
  }
  await model.dispose()
  for (const complaint of tally.complaints.slice(0, 20)) console.error(`${name}: ${complaint}`)
  allPassed &&= tally.passed
  const worst = quantities.map((quantity) => {
    const { worst: value, compared } = tally.of(quantity)
    return compared === 0 ? '-' : value.toExponential(1)
  })
  rows.push([name, String(scenarios.length), ...worst, tally.passed ? 'equal' : 'OFF'])
}
if (rows.length === 1) {
  console.error(`No folder of reference numbers at ${paths.join(', ')}.`)
  process.exit(1)
}

console.log(formatTable(rows))
console.log(
  `Worst difference over the largest magnitude; allowed ${tolerance}. Video masks: share of pixels that differ.`,
)
process.exit(allPassed ? 0 : 1)
