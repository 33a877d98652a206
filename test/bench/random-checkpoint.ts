import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { writeCheckpoint } from '../../models/checkpoint/write-checkpoint.ts'
import { randomWeights } from './random-weights.ts'

const usage = 'usage: npm run random-checkpoint -- LAYOUT.json OUTPUT.pt [--seed N]'

/** Name -> shape of every tensor of a model. */
const layoutSchema = z.record(z.string(), z.array(z.int().positive()).max(8))

/** Writes a checkpoint of full size in the official layout with seeded random weights. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { seed: { type: 'string', default: '1' } },
    allowPositionals: true,
  })
  const [layoutPath, outputPath] = positionals
  const seed = Number(values.seed)
  if (
    layoutPath === undefined ||
    outputPath === undefined ||
    positionals.length > 2 ||
    !Number.isInteger(seed)
  ) {
    throw new Error(usage)
  }
  const layout = layoutSchema.parse(JSON.parse(await readFile(layoutPath, 'utf8')))

  const start = performance.now()
  const tensors = Object.entries(layout).map(([name, shape]) => ({
    name,
    shape,
    numbers: () => randomWeights(name, shape, seed),
  }))
  const bytes = await writeCheckpoint(outputPath, tensors)
  const seconds = (performance.now() - start) / 1000
  const peakMegabytes = process.resourceUsage().maxRSS / 1024
  console.log(
    `${outputPath}: ${tensors.length} tensors, ${bytes} bytes, seed ${seed}, ` +
      `${seconds.toFixed(1)} s, peak memory ${peakMegabytes.toFixed(0)} MiB`,
  )
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
})
