import type { TrackEstimate } from '../../contract/tracking.ts'
import type { StageTimes } from '../tracking/tracker-protocol.ts'

export interface EstimateInputs {
  readonly frames: number
  readonly objectCount: number
  /** What was measured of the model on this machine; empty before it ran. */
  readonly stageTimes: StageTimes
  readonly parameterCount: number
  readonly inputSizePx: number
  /** Tokens that the model keeps of one memory. */
  readonly memoryTokens: number
  readonly memoryBudgetBytes: number
  /** Source pixels of a frame. */
  readonly framePx: number
  readonly threads: number
}

/** Decoding and scaling cost about this much a megapixel. */
const decodeMsPerMegapixel = 12
/** Nanoseconds of one thread per parameter and cell of stride 16, between what small and large encoders take. */
const encodeNsPerParameterCell = 0.04
/** Milliseconds of one thread for one object: per cell, and per pair of cells, as measured with the built-in model. */
const objectMsPerCell = 0.42
const objectMsPerCellPair = 5.7e-5
/** Of the memory attention, one part in eight is the picture with itself; the rest is with seven memories. */
const memoriesAttended = 7
/** The official models have twice the width and twice the memory attention layers of the built-in one. */
const largerModel = { parametersFrom: 20_000_000, objectFactor: 3.5 }

/** What a run would cost. Rough where the model has not run on this machine yet. */
export function estimateRun(inputs: EstimateInputs): TrackEstimate {
  const { frames, objectCount, stageTimes, parameterCount, inputSizePx, memoryTokens, threads } = inputs
  const cells = (inputSizePx / 16) ** 2
  const pairs = (cells * (cells + memoriesAttended * memoryTokens)) / (memoriesAttended + 1)
  const encoding = stageTimes['image-encoder']
  const objectStages = ['memory-attention', 'mask-decoder-none', 'memory-encoder'] as const
  const measured = objectStages.map((stage) => stageTimes[stage])
  const isMeasured = encoding !== undefined && measured.every((milliseconds) => milliseconds !== undefined)
  const pictureMs = isMeasured
    ? encoding + (stageTimes['frame-preparation'] ?? 0)
    : (parameterCount * cells * encodeNsPerParameterCell) / 1e6 / threads
  const objectMs = isMeasured
    ? measured.reduce((sum, milliseconds) => sum + milliseconds!, 0)
    : ((cells * objectMsPerCell + pairs * objectMsPerCellPair) *
        (parameterCount < largerModel.parametersFrom ? 1 : largerModel.objectFactor)) /
      threads
  const decodeMs = (inputs.framePx / 1e6) * decodeMsPerMegapixel
  const memoryBytes = memoryOf(inputs, cells)
  return {
    frames,
    seconds: (frames * (pictureMs + decodeMs + objectMs * objectCount)) / 1_000,
    memoryBytes,
    deviceMemoryBytes: null,
    fitsInMemory: memoryBytes <= inputs.memoryBudgetBytes,
    basis: isMeasured ? 'measured' : 'assumed',
  }
}

/** Weights, working memory of the widest layers, features of a few pictures, and each object's memory bank. */
function memoryOf(inputs: EstimateInputs, cells: number): number {
  const { parameterCount, objectCount, framePx, memoryTokens } = inputs
  const weights = parameterCount * 4 * 1.3
  const working = cells * 4 * 4_096 * 6
  const features = cells * 4 * 1_536 * 4
  const bank = memoryTokens * 64 * 4 * (memoriesAttended + 8)
  const frames = framePx * 3 * 8
  return Math.round(weights + working + features + frames + bank * objectCount)
}
