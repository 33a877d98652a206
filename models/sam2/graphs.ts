import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import type { ModelConfiguration } from './configuration.ts'
import { buildImageEncoder } from './image-encoder.ts'
import { buildMaskDecoder, type DecoderPrompt } from './mask-decoder.ts'
import { buildFramePreparation, buildMemoryAttention } from './memory-attention.ts'
import { buildMemoryEncoder } from './memory-encoder.ts'

/** The graphs of a model; each becomes a session of its own. */
export type GraphName =
  | 'image-encoder'
  | 'frame-preparation'
  | 'memory-attention'
  | 'memory-attention-without-pointers'
  | 'memory-encoder'
  | `mask-decoder-${DecoderPrompt}`

/** One of a model's graphs, as ONNX. @throws MissingTensor, MisshapenTensor when the checkpoint is of another model */
export function buildGraph(
  name: GraphName,
  checkpoint: Checkpoint,
  configuration: ModelConfiguration,
): Uint8Array {
  switch (name) {
    case 'image-encoder':
      return buildImageEncoder(checkpoint, configuration)
    case 'frame-preparation':
      return buildFramePreparation(checkpoint, configuration)
    case 'memory-attention':
      return buildMemoryAttention(checkpoint, configuration, { withPointers: true })
    case 'memory-attention-without-pointers':
      return buildMemoryAttention(checkpoint, configuration, { withPointers: false })
    case 'memory-encoder':
      return buildMemoryEncoder(checkpoint, configuration)
    case 'mask-decoder-none':
      return buildMaskDecoder(checkpoint, configuration, 'none')
    case 'mask-decoder-points':
      return buildMaskDecoder(checkpoint, configuration, 'points')
    case 'mask-decoder-points-and-mask':
      return buildMaskDecoder(checkpoint, configuration, 'points-and-mask')
  }
}
