import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openCheckpoint } from '../../models/checkpoint/checkpoint.ts'
import { isDevice } from '../../models/runtime/session.ts'
import { Sam2Model } from '../../models/sam2/sam2-model.ts'
import { formatTable } from '../../electron/cli/text-table.ts'
import { sharedMaterial } from '../fixtures/shared-material.ts'
import { scriptArguments } from '../script-arguments.ts'
import { ParityTally, quantities, tolerances } from './compare.ts'
import { openReferenceFolder, referenceFoldersIn } from './reference-folder.ts'
import { runScenario } from './run-scenario.ts'

// npm run parity -- FOLDER...: holds the predictor against the official one's numbers, scenario by scenario. A folder
// is one of reference numbers, or holds such folders; without any it is those beside the checkout, or the copies here.
// --device runs it elsewhere than on the processor, --scenario one scenario only.

const usage = 'usage: npm run parity -- [FOLDER]... [--device NAME] [--scenario NAME]'

const { values: chosen, positionals: given } = scriptArguments(usage, {
  device: { type: 'string', default: 'cpu' },
  scenario: { type: 'string' },
})
const { device } = chosen
if (!isDevice(device)) {
  console.error(`There is no device "${device}".`)
  process.exit(2)
}
const tolerance = device === 'cpu' ? tolerances.processor : tolerances.otherDevice
const paths =
  given.length > 0
    ? given
    : ['reference', 'nano/reference'].map((path) => fileURLToPath(sharedMaterial(path)))

const rows: string[][] = [['folder', 'scenarios', ...quantities, 'result']]
let allPassed = true
for (const path of paths.flatMap(referenceFoldersIn)) {
  const name = basename(path)
  const folder = await openReferenceFolder(path)
  const checkpoint = await openCheckpoint(folder.checkpointPath)
  const model = await Sam2Model.load(checkpoint, folder.configuration, { device })
  const tally = new ParityTally(tolerance)
  const scenarios = Object.keys(folder.scenarios).filter((name) => name === (chosen.scenario ?? name))
  for (const scenario of scenarios) {
    await runScenario(folder, scenario, model, tally).catch((error: unknown) => {
      tally.complaints.push(`${scenario}: ${error instanceof Error ? error.message : String(error)}`)
    })
  }
  if (scenarios.length === 0) tally.complaints.push(`There is no scenario "${chosen.scenario}".`)
  if (model.device !== device) tally.complaints.push(`It went on on ${model.device}.`)
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
  `Worst difference over the largest magnitude; allowed ${tolerance} on ${device}. Video masks: share of pixels that differ.`,
)
process.exit(allPassed ? 0 : 1)
