import { describe, expect, it } from 'vitest'
import { InferenceFailed } from '../runtime/session.ts'
import type { MaskCandidates } from './mask-choice.ts'
import type { Precision } from './model-graphs.ts'
import { runAtCheckedPrecision } from './precision-check.ts'

const lost = (): InferenceFailed =>
  new InferenceFailed('mask-decoder-none', { device: 'webgpu', cause: new Error('Device was lost') })

function seen(covered: number): MaskCandidates {
  const logits = Float32Array.from({ length: 100 }, (_, cell) => (cell < covered ? 5 : -5))
  return {
    firstToken: 1,
    maskLogits: [logits, logits, logits],
    ious: Float32Array.of(0, 0.9, 0.5, 0.4),
    objectScore: 10,
    pointers: [logits, logits, logits],
  }
}

/** Runs a graph once; each output is named by its precision. */
async function run(answers: Readonly<Record<'fp16' | 'fp32', () => MaskCandidates>>) {
  const held = new Set<Precision>()
  const settled: Precision[] = []
  const notices: string[] = []
  const graphs = {
    isUnproven: () => true,
    settle: (_: string, precision: Precision) => {
      settled.push(precision)
      return Promise.resolve()
    },
  }
  const runAt = (precision: Precision = 'fp16'): Promise<Precision> => {
    held.add(precision)
    return Promise.resolve(precision)
  }
  const output = await runAtCheckedPrecision<Precision>(graphs, 'memory-attention', runAt, {
    answer: (precision) => Promise.resolve().then(answers[precision === 'fp16' ? 'fp16' : 'fp32']),
    release: (precision) => void held.delete(precision),
    onNotice: (sentence) => notices.push(sentence),
  }).catch((error: unknown) => error)
  return { output, held: [...held], settled, notices }
}

describe('a graph whose precision is checked', () => {
  it('stays at fp16 where masks agree', async () => {
    const { output, held, settled, notices } = await run({ fp32: () => seen(50), fp16: () => seen(50) })
    expect([output, held, settled, notices]).toEqual(['fp16', ['fp16'], ['fp16'], []])
  })

  it('goes on at fp32 where they differ', async () => {
    const { output, held, settled, notices } = await run({ fp32: () => seen(50), fp16: () => seen(80) })
    expect([output, held, settled]).toEqual(['fp32', ['fp32'], ['fp32']])
    expect(notices).toEqual([expect.stringContaining('gives other masks')])
  })

  it('is checked again where neither shows a mask', async () => {
    const { output, held, settled, notices } = await run({ fp32: () => seen(0), fp16: () => seen(0) })
    expect([output, held, settled, notices]).toEqual(['fp32', ['fp32'], [], []])
  })

  it('leaves nothing behind where its masks at fp16 cannot be had', async () => {
    const { output, held, notices } = await run({
      fp32: () => seen(50),
      fp16: () => {
        throw new InferenceFailed('mask-decoder-none', { device: 'webgpu', cause: new Error('no kernel') })
      },
    })
    expect([output, held]).toEqual(['fp32', ['fp32']])
    expect(notices).toEqual([expect.stringContaining('does not run there')])
  })

  it.each(['fp32', 'fp16'] as const)('blames nobody for a device that is lost at %s', async (precision) => {
    const error = lost()
    const fails = (): never => {
      throw error
    }
    const works = (): MaskCandidates => seen(50)
    const { output, held, settled, notices } = await run({
      fp32: precision === 'fp32' ? fails : works,
      fp16: fails,
    })
    expect([output, held, settled, notices]).toEqual([error, [], [], []])
  })
})
