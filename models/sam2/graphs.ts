import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import type { ModelConfiguration } from './configuration.ts'
import { buildForegroundPooling } from './foreground-pooling.ts'
import type { GraphStyle } from '../graph/graph-builder.ts'
import { buildImageEncoder } from './image-encoder.ts'
import { buildMaskDecoder, type DecoderPrompt } from './mask-decoder.ts'
import { buildFramePreparation, buildMemoryAttention } from './memory-attention.ts'
import { buildMemoryEncoder } from './memory-encoder.ts'
import { buildMemoryJoin } from './memory-join.ts'

/** The graphs of a model; each becomes a session of its own. */
export type GraphName =
  | 'image-encoder'
  | 'frame-preparation'
  | 'memory-attention'
  | 'memory-attention-without-pointers'
  | 'memory-encoder'
  | 'foreground-pooling'
  | `memory-join-${number}`
  | `mask-decoder-${DecoderPrompt}`

const memoryJoin = 'memory-join-'

/** One of a model's graphs, as ONNX. @throws MissingTensor, MisshapenTensor when the checkpoint is of another model */
export function buildGraph(
  name: GraphName,
  checkpoint: Checkpoint,
  configuration: ModelConfiguration,
  style?: GraphStyle,
): Uint8Array {
  if (isMemoryJoin(name)) return buildMemoryJoin(checkpoint, Number(name.slice(memoryJoin.length)))
  switch (name) {
    case 'image-encoder':
      return buildImageEncoder(checkpoint, configuration, style)
    case 'frame-preparation':
      return buildFramePreparation(checkpoint, configuration, style)
    case 'memory-attention':
      return buildMemoryAttention(checkpoint, configuration, { withPointers: true }, style)
    case 'memory-attention-without-pointers':
      return buildMemoryAttention(checkpoint, configuration, { withPointers: false }, style)
    case 'memory-encoder':
      return buildMemoryEncoder(checkpoint, configuration, style)
    case 'foreground-pooling':
      return buildForegroundPooling(checkpoint, configuration)
    case 'mask-decoder-none':
      return buildMaskDecoder(checkpoint, configuration, 'none', style)
    case 'mask-decoder-points':
      return buildMaskDecoder(checkpoint, configuration, 'points', style)
    case 'mask-decoder-points-and-mask':
      return buildMaskDecoder(checkpoint, configuration, 'points-and-mask', style)
  }
}

function isMemoryJoin(name: GraphName): name is `memory-join-${number}` {
  return name.startsWith(memoryJoin)
}
