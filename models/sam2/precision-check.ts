import { InferenceFailed } from '../runtime/session.ts'
import type { GraphName } from './graphs.ts'
import type { MaskCandidates } from './mask-choice.ts'
import { masksAgree } from './masks-agree.ts'
import type { ModelGraphs, Precision } from './model-graphs.ts'

/** Runs a graph at a precision, or at the one that it has. */
export type RunAt<Output> = (precision?: Precision) => Promise<Output>

/** What becomes of a graph's output: the masks that it leads to, and its end. */
export interface MaskOfOutput<Output> {
  answer(output: Output): Promise<MaskCandidates>
  release(output: Output): void | Promise<void>
}

/**
 * What a graph says. A graph at fp16 is held against fp32 when it runs for the first time: it stays only where both
 * lead to the same mask.
 */
export async function runAtCheckedPrecision<Output>(
  graphs: ModelGraphs,
  graph: GraphName,
  runAt: RunAt<Output>,
  {
    answer,
    release,
    onNotice,
  }: MaskOfOutput<Output> & { readonly onNotice: ((sentence: string) => void) | undefined },
): Promise<Output> {
  if (!graphs.isUnproven(graph)) return runAt()
  const exact = await runAt('fp32')
  const half = await runAt('fp16')
    .then(async (output) => ({ output, agrees: masksAgree(await answer(exact), await answer(output)) }))
    .catch((error: unknown) => {
      if (error instanceof InferenceFailed) return error
      throw error
    })
  if (!(half instanceof InferenceFailed) && half.agrees) {
    await graphs.settle(graph, 'fp16')
    await release(exact)
    return half.output
  }
  if (!(half instanceof InferenceFailed)) await release(half.output)
  await graphs.settle(graph, 'fp32')
  const doesNotRun = half instanceof InferenceFailed && half.kind !== 'wrong-numbers'
  const why = doesNotRun ? 'does not run there' : 'gives other masks'
  onNotice?.(`The model part "${graph}" runs at fp32: at fp16 it ${why}.`)
  return exact
}
