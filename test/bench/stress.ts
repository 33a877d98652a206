import { z } from 'zod'
import { loadModel } from '../../electron/engine/tracking/load-model.ts'
import { NoDavisFolder, NoTrueMask, sequencesIn } from './davis-folder.ts'
import { makeClips } from './stress/make-clips.ts'
import { runClip } from './stress/run-clip.ts'
import { StressTable } from './stress/stress-table.ts'
import { categories, type Category } from './stress/stress-clip.ts'
import { TrueSequence } from './stress/true-sequence.ts'
import { scriptArguments } from '../script-arguments.ts'

// npm run stress: clips with exact masks, hard in one way each, made with a seed from a folder in DAVIS layout.

const usage =
  'usage: npm run stress -- DIR [--seed N] [--model NAME|PATH] [--size N] [--threads N] [--only a,b,c,d,e] [--sequence NAME]... [--long FRAMES]'

const { values, positionals } = scriptArguments(usage, {
  seed: { type: 'string', default: '1' },
  model: { type: 'string', default: 'nano' },
  size: { type: 'string' },
  threads: { type: 'string' },
  only: { type: 'string', default: Object.keys(categories).join(',') },
  sequence: { type: 'string', multiple: true },
  long: { type: 'string', default: '2000' },
})
const options = z
  .object({
    folder: z.tuple([z.string()], usage).transform(([folder]) => folder),
    seed: z.coerce.number().int().min(0),
    size: z.coerce.number().int().positive().optional(),
    threads: z.coerce.number().int().positive().optional(),
    only: z.string().transform((text, context): Category[] => {
      const wanted = text.split(',')
      const known = (Object.keys(categories) as Category[]).filter((category) => wanted.includes(category))
      if (known.length !== wanted.length) context.addIssue({ code: 'custom', message: usage })
      return known
    }),
    long: z.coerce.number().int().min(2),
  })
  .parse({ folder: positionals, ...values })

const found = await sequencesIn(options.folder, values.sequence)
const opened = await Promise.all(
  found.map((sequence) =>
    TrueSequence.open(sequence).catch((error: unknown) => {
      if (!(error instanceof NoTrueMask)) throw error
      console.error(`${error.message} It is left out.`)
      return null
    }),
  ),
)
const sequences = opened.filter((sequence) => sequence !== null)
if (sequences.length === 0) throw new NoDavisFolder(options.folder)

const { model, name } = await loadModel({
  model: values.model,
  ...(options.size ? { imageSize: options.size } : {}),
  ...(options.threads ? { threads: options.threads } : {}),
})
console.log(`${name} at ${model.imageSize} px, seed ${options.seed}, mask prompt on frame 0`)
const table = new StressTable((line) => console.log(line))
for (const clip of makeClips(sequences, options.seed, options.only, options.long))
  table.add(clip, await runClip(clip, model))
await model.dispose()
await Promise.all(sequences.map((sequence) => sequence.close()))
process.exitCode = table.close() ? 0 : 1
