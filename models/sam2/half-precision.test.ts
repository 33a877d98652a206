import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { syntheticVideo } from '../../test/bench/synthetic-video.ts'
import { computesAtHalfWidth } from '../../test/fixtures/half-width.ts'
import { openCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.ts'
import { writeCheckpoint } from '../checkpoint/write-checkpoint.ts'
import { createSession } from '../runtime/session.ts'
import { weightsFile } from '../zoo/resolve-model.ts'
import { findZooModel } from '../zoo/zoo.ts'
import { nanoConfiguration } from './configuration.ts'
import { chooseMask } from './mask-choice.ts'
import { Sam2Model } from './sam2-model.ts'

const sizePx = 128
const folder = mkdtempSync(join(tmpdir(), 'maskwright-half-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Tracked {
  readonly logits: Float32Array
  readonly notices: string[]
  /** Each session that was opened: the graph's name and whether it computes at half width. */
  readonly opened: { readonly name: string; readonly isHalf: boolean }[]
}

/**
 * Prompts a disc and tracks it over one frame. The device is the processor in truth: the runtime computes graphs at
 * half width there, too, by converting in between.
 */
async function track(checkpoint: Checkpoint, precision: 'fp16' | 'fp32'): Promise<Tracked> {
  const notices: string[] = []
  const opened: Tracked['opened'] = []
  const model = await Sam2Model.load(
    checkpoint,
    { ...nanoConfiguration, imageSize: sizePx },
    {
      ...{ device: 'cuda', precision },
      onNotice: (sentence) => notices.push(sentence),
      openSession: (name, graph, checkpointPath, options) => {
        opened.push({ name, isHalf: computesAtHalfWidth(graph) })
        return createSession(name, graph, checkpointPath, { ...options, device: 'cpu' })
      },
    },
  )
  const video = syntheticVideo(sizePx, 2)
  const click = { coordinates: Float32Array.of(sizePx * 0.3, sizePx / 2), labels: [1] }
  const first = await model.encodeImage(await video.pictureAt(0, null))
  const answer = await model.decodePrompts(first, click, { addNoMemory: true })
  const prompted = chooseMask(answer, true, model.noObjectPointer)
  const memory = await model.encodeMemory(first, prompted.maskLogits, { fromPrompts: true, absent: false })
  const second = await model.encodeImage(await video.pictureAt(1, null))
  const found = await model.decodeTracked(second, {
    ...{ memories: [memory], memoryTimes: [6], pointers: [prompted.pointer], pointerDistances: [1 / 15] },
  })
  await model.dispose()
  return { logits: chooseMask(found, true, model.noObjectPointer).maskLogits, notices, opened }
}

const nano = (): Promise<Checkpoint> => openCheckpoint(weightsFile(findZooModel('nano')!))

const layer = 'memory_attention.layers.1'
type Tensors = Map<string, Float32Array>

/** Hidden numbers grow beyond 65504, the largest at half width, and the next layer brings them back. */
function grow(tensors: Tensors): void {
  scale(tensors.get(`${layer}.linear1.weight`)!, 2 ** 20)
  scale(tensors.get(`${layer}.linear1.bias`)!, 2 ** 20)
  scale(tensors.get(`${layer}.linear2.weight`)!, 2 ** -20)
}

/** Hidden numbers lie around 4096, where half width has steps of 4; the next layer takes the 4096 away. */
function lift(tensors: Tensors): void {
  const hidden = tensors.get(`${layer}.linear1.bias`)!
  const weight = tensors.get(`${layer}.linear2.weight`)!
  const bias = tensors.get(`${layer}.linear2.bias`)!
  hidden.forEach((value, index) => (hidden[index] = value + 4096))
  bias.forEach((value, row) => {
    const weights = weight.subarray(row * hidden.length, (row + 1) * hidden.length)
    bias[row] = value - 4096 * weights.reduce((sum, one) => sum + one, 0)
  })
}

function scale(values: Float32Array, factor: number): void {
  values.forEach((value, index) => (values[index] = value * factor))
}

/** The built-in model with other weights in its memory attention. */
async function changedNano(change: (tensors: Tensors) => void): Promise<Checkpoint> {
  const original = await nano()
  const tensors: Tensors = new Map()
  for (const name of original.tensors.keys()) tensors.set(name, await original.readTensor(name))
  change(tensors)
  const path = join(folder, `${change.name}.pt`)
  await writeCheckpoint(
    path,
    [...original.tensors].map(([name, { shape }]) => ({ name, shape, numbers: () => tensors.get(name)! })),
  )
  return openCheckpoint(path)
}

describe('graphs at fp16', () => {
  it('run where they lead to the masks of fp32, and nothing of fp32 is kept beside them', async () => {
    const exact = await track(await nano(), 'fp32')
    const half = await track(await nano(), 'fp16')
    expect(half.notices).toEqual([])
    expect(half.opened.filter(({ isHalf }) => isHalf).map(({ name }) => name)).toEqual([
      'image-encoder',
      'memory-attention',
    ])
    const [inEither, inOne] = [exact, half].reduce(
      ([either, one], { logits }, index) => {
        const other = [half, exact][index]!.logits
        logits.forEach((logit, cell) => {
          if (logit > 0) either++
          if (logit > 0 && other[cell]! <= 0) one++
        })
        return [either, one]
      },
      [0, 0],
    )
    expect(inEither).toBeGreaterThan(0)
    expect(inOne / inEither).toBeLessThan(0.02)
    expect(half.logits).not.toEqual(exact.logits)
  })

  it.each([
    ['numbers are too large', grow],
    ['numbers are too coarse', lift],
  ])('are refused, with a notice, where their masks differ: %s', async (_, change) => {
    const checkpoint = await changedNano(change)
    const exact = await track(checkpoint, 'fp32')
    const half = await track(checkpoint, 'fp16')
    expect(half.notices).toEqual([
      'The model part "memory-attention" runs at fp32: at fp16 it gives other masks.',
    ])
    // The image encoder stays at fp16, so the masks are nearly those of fp32.
    const differing = half.logits.filter((logit, cell) => logit > 0 !== exact.logits[cell]! > 0).length
    expect(half.logits.every(Number.isFinite)).toBe(true)
    expect(differing).toBeLessThan(half.logits.length * 0.01)
  })

  it('are not tried on the processor itself', async () => {
    const openings: string[] = []
    const model = await Sam2Model.load(
      await nano(),
      { ...nanoConfiguration, imageSize: sizePx },
      {
        ...{ device: 'cpu', precision: 'fp16' },
        openSession: (name, graph, checkpointPath, options) => {
          if (computesAtHalfWidth(graph)) openings.push(name)
          return createSession(name, graph, checkpointPath, options)
        },
      },
    )
    await model.warmUp()
    await model.dispose()
    expect(openings).toEqual([])
  })
})
