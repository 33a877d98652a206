import { noObjectLogit } from '../../models/sam2/mask-choice.ts'
import type { Sam2Model } from '../../models/sam2/sam2-model.ts'
import { upsampleLogits } from '../../electron/engine/masks/upsample-logits.ts'
import type { PredictedFrame } from '../../electron/engine/tracking/predictor-types.ts'
import { VideoPredictor } from '../../electron/engine/tracking/video-predictor.ts'
import type { ParityTally } from './compare.ts'
import type { ReferenceCall, ReferenceFolder } from './reference-folder.ts'

/** Makes the calls of one scenario and compares every answer with the official predictor's. */
export async function runScenario(
  folder: ReferenceFolder,
  scenario: string,
  model: Sam2Model,
  tally: ParityTally,
): Promise<void> {
  const predictor = new VideoPredictor(model, folder, { mode: 'reference' })
  const calls = folder.scenarios[scenario]!
  for (const [index, call] of calls.entries()) {
    const place = `${scenario}/${index}`
    await makeCall({ folder, model, predictor, tally, place }, call)
  }
}

interface CallContext {
  readonly folder: ReferenceFolder
  readonly model: Sam2Model
  readonly predictor: VideoPredictor
  readonly tally: ParityTally
  readonly place: string
}

async function makeCall(context: CallContext, call: ReferenceCall): Promise<void> {
  const { folder, predictor, place } = context
  switch (call.call) {
    case 'addPointsOrBox': {
      const answer = await predictor.addPointsOrBox(call.frame, call.object, {
        points: call.points.map(([x, y], index) => ({ x, y, label: call.labels[index]! })),
        ...(call.box ? { box: call.box } : {}),
        clearOldPoints: call.clear_old_points,
      })
      return comparePrompt(context, answer)
    }
    case 'addMask': {
      const name = `${place}/mask_input`
      const values = await folder.answers.readTensor(name)
      const [heightPx, widthPx] = folder.answers.tensors.get(name)!.shape.slice(-2)
      const data = Uint8Array.from(values, (value) => (value > 0 ? 1 : 0))
      const mask = { widthPx: widthPx!, heightPx: heightPx!, data }
      return comparePrompt(context, await predictor.addMask(call.frame, call.object, mask))
    }
    case 'clearFrame':
      predictor.clearFrame(call.frame, call.object)
      return
    case 'removeObject':
      predictor.removeObject(call.object)
      return
    case 'reset':
      predictor.reset()
      return
    case 'propagate':
      return comparePropagation(context, call)
  }
}

async function comparePrompt(context: CallContext, answer: PredictedFrame): Promise<void> {
  const { folder, tally, place } = context
  const reference = await folder.answers.readTensor(`${place}/masks`)
  const pixels = folder.widthPx * folder.heightPx
  const ours = new Float32Array(answer.objects.length * pixels)
  answer.objects.forEach(({ record }, index) => {
    const logits = record
      ? atVideoSize(context, record.maskLogits)
      : new Float32Array(pixels).fill(noObjectLogit)
    ours.set(logits, index * pixels)
  })
  tally.numbers('video logits', place, ours, reference)
  tally.masks(place, ours, reference)
}

async function comparePropagation(
  context: CallContext,
  call: Extract<ReferenceCall, { call: 'propagate' }>,
): Promise<void> {
  const { folder, predictor, tally, place } = context
  const seen: number[] = []
  const scores = new ScoresOfRun()
  const propagation = predictor.propagate({
    ...(call.start === null ? {} : { startFrame: call.start }),
    ...(call.maxFrames === null ? {} : { maxFrames: call.maxFrames }),
    reverse: call.reverse,
  })
  for await (const { frameIndex, objects } of propagation) {
    seen.push(frameIndex)
    for (const { objectId, record } of objects) {
      if (!record) throw new Error(`${place}: nothing was found for object ${objectId}`)
      const name = `${place}/frame${frameIndex}/obj${objectId}`
      const lowResolution = await folder.answers.readTensor(`${name}/low_res`)
      tally.numbers('low-resolution logits', name, record.maskLogits, lowResolution)
      const score = await folder.answers.readTensor(`${name}/score`)
      scores.add(objectId, record.objectScore, score[0]!)
      tally.numbers('pointer', name, record.pointer, await folder.answers.readTensor(`${name}/pointer`))
      tally.masks(name, atVideoSize(context, record.maskLogits), atVideoSize(context, lowResolution))
    }
    tally.order(
      `${place}/frame${frameIndex}`,
      objects.map(({ objectId }) => objectId),
      call.objects,
    )
  }
  scores.compare(tally, place)
  tally.order(place, seen, call.frames)
}

/**
 * An object's scores over one propagation, compared as one tensor. Alone, a score may lie as near to 0 as its own
 * rounding: it is a sum around 5 minus a bias around 5, so float32 gives it in steps of 5e-7.
 */
class ScoresOfRun {
  private readonly scores = new Map<number, { ours: number[]; reference: number[] }>()

  add(objectId: number, ours: number, reference: number): void {
    const known = this.scores.get(objectId) ?? { ours: [], reference: [] }
    known.ours.push(ours)
    known.reference.push(reference)
    this.scores.set(objectId, known)
  }

  compare(tally: ParityTally, place: string): void {
    for (const [objectId, { ours, reference }] of this.scores) {
      const name = `${place}/obj${objectId}`
      tally.numbers('score', name, Float32Array.from(ours), Float32Array.from(reference))
    }
  }
}

function atVideoSize({ folder, model }: CallContext, logits: Float32Array): Float32Array {
  return upsampleLogits(logits, model.maskSize, model.maskSize, folder.widthPx, folder.heightPx)
}
