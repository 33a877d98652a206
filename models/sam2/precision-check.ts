import { InferenceFailed } from '../runtime/session.ts'
import type { GraphName } from './graphs.ts'
import type { MaskCandidates } from './mask-choice.ts'
import { masksAgree, type Agreement } from './masks-agree.ts'
import type { ModelGraphs, Precision } from './model-graphs.ts'

/** Runs a graph at a precision, or at the one that it has. */
export type RunAt<Output> = (precision?: Precision) => Promise<Output>

/** What becomes of a graph's output: the masks that it leads to, and its end. */
export interface MaskOfOutput<Output> {
  answer(output: Output): Promise<MaskCandidates>
  release(output: Output): void | Promise<void>
}

/**
 * What a graph says. A graph at fp16 is held against fp32 when it runs for the first time, and again until there is a mask
 * to tell by: it stays only where both lead to the same mask. What is answered until then is fp32's.
 * @throws InferenceFailed where the graph does not run at fp32, or the device is lost
 */
export async function runAtCheckedPrecision<Output>(
  graphs: Pick<ModelGraphs, 'isUnproven' | 'settle'>,
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
  try {
    const expected = await answer(exact)
    const half = await tryHalf(runAt, { answer, release }, expected)
    if (half.came === 'agree') {
      await graphs.settle(graph, 'fp16')
      await release(exact)
      return half.output
    }
    if (half.came === 'undecided') return exact
    await graphs.settle(graph, 'fp32')
    const why = half.came === 'differ' ? 'gives other masks' : 'does not run there'
    onNotice?.(`The model part "${graph}" runs at fp32: at fp16 it ${why}.`)
    return exact
  } catch (error) {
    await release(exact)
    throw error
  }
}

type Half<Output> =
  | { readonly came: 'agree'; readonly output: Output }
  | { readonly came: Exclude<Agreement, 'agree'> | 'refused' }

/** The output at fp16 where it agrees; otherwise it is released. A lost device says nothing about fp16 and is thrown. */
async function tryHalf<Output>(
  runAt: RunAt<Output>,
  { answer, release }: MaskOfOutput<Output>,
  expected: MaskCandidates,
): Promise<Half<Output>> {
  let output: Output | undefined
  let came: Agreement | 'refused' = 'refused'
  try {
    output = await runAt('fp16')
    came = masksAgree(expected, await answer(output))
    return came === 'agree' ? { came, output } : { came }
  } catch (error) {
    if (!(error instanceof InferenceFailed) || error.kind === 'device-lost') throw error
    return { came: error.kind === 'wrong-numbers' ? 'differ' : 'refused' }
  } finally {
    if (output !== undefined && came !== 'agree') await release(output)
  }
}
