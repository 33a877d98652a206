import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession } from './onnx-runtime.ts'
import { z } from 'zod'
import { noiseInputs, type Dimensions } from './noise-inputs.ts'
import { sessionOptionsFor, type SessionOptions } from './session.ts'

/** One operator as the runtime executed it. */
export interface OperatorRun {
  /** As in ONNX, or as the runtime named what it made of several. */
  readonly operator: string
  /** Weights included; `[]` for a scalar. */
  readonly inputShapes: readonly (readonly number[])[]
  readonly outputShapes: readonly (readonly number[])[]
  /** Mean over the runs. */
  readonly milliseconds: number
}

export interface ProfileOptions extends SessionOptions {
  readonly dimensions: Dimensions
  /**
   * `basic` folds constants only, so that the operators are those of the graph; `all` is what runs otherwise, with
   * fused operators, and channels padded to the processor's blocks.
   */
  readonly optimisation: 'basic' | 'all'
  /** After one more that is not counted. */
  readonly runs: number
}

const shapesSchema = z
  .array(z.record(z.string(), z.array(z.number())))
  .transform((shapes) => shapes.map((shape) => Object.values(shape)[0] ?? []))

const profileSchema = z.array(
  z.object({
    cat: z.string(),
    name: z.string(),
    dur: z.number(),
    args: z.object({
      op_name: z.string().optional(),
      input_type_shape: shapesSchema.optional(),
      output_type_shape: shapesSchema.optional(),
    }),
  }),
)

/**
 * Runs a graph on noise under the runtime's own profiler.
 * @returns every operator that ran, in the order of the first run
 */
export async function profileOperators(
  graph: Uint8Array,
  checkpointPath: string,
  options: ProfileOptions,
): Promise<OperatorRun[]> {
  const folder = await mkdtemp(join(tmpdir(), 'maskwright-profile-'))
  try {
    const usual = sessionOptionsFor(checkpointPath, options)
    const session = await InferenceSession.create(graph, {
      ...usual,
      // Weights that were packed for the processor would be missing among the inputs.
      ...(options.optimisation === 'basic' ? { extra: withoutPacking(usual.extra) } : {}),
      graphOptimizationLevel: options.optimisation,
      enableProfiling: true,
      profileFilePrefix: join(folder, 'operators'),
    })
    const inputs = noiseInputs(session, options.dimensions)
    for (let run = 0; run <= options.runs; run++) await session.run(inputs)
    session.endProfiling()
    await session.release()
    const [file] = await readdir(folder)
    return operatorsIn(JSON.parse(await readFile(join(folder, file!), 'utf8')), options.runs)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function withoutPacking(extra: InferenceSession.SessionOptions['extra']): Record<string, unknown> {
  return { ...extra, session: { ...(extra?.['session'] as object), disable_prepacking: '1' } }
}

function operatorsIn(profile: unknown, runs: number): OperatorRun[] {
  const events = profileSchema
    .parse(profile)
    .filter(({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time'))
  const perRun = events.length / (runs + 1)
  return events.slice(0, perRun).map(({ args }, index) => {
    let microseconds = 0
    for (let run = 1; run <= runs; run++) microseconds += events[run * perRun + index]!.dur
    return {
      operator: args.op_name ?? '',
      inputShapes: args.input_type_shape ?? [],
      outputShapes: args.output_type_shape ?? [],
      milliseconds: microseconds / runs / 1000,
    }
  })
}
