import { ProtobufWriter } from './protobuf.ts'

/** ONNX TensorProto.DataType numbers of the types that our graphs use. */
export const elementTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  float16: 10,
  bfloat16: 16,
} as const
export type ElementType = keyof typeof elementTypes

/** A dimension: a number, or a name for one that varies from run to run. */
export type Dimension = number | string

export type AttributeValue =
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'integers'; readonly value: readonly number[] }

export interface OnnxNode {
  readonly operator: string
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, AttributeValue>>
}

export interface OnnxValueInfo {
  readonly name: string
  readonly type: ElementType
  readonly shape: readonly Dimension[]
}

/** A constant of the graph: its bytes inline, or their place in another file (ONNX external data). */
export type OnnxInitializer = {
  readonly name: string
  readonly type: ElementType
  readonly shape: readonly number[]
} & (
  | { readonly bytes: Uint8Array }
  | { readonly fileName: string; readonly offsetBytes: number; readonly lengthBytes: number }
)

export interface OnnxGraph {
  readonly name: string
  readonly nodes: readonly OnnxNode[]
  readonly inputs: readonly OnnxValueInfo[]
  readonly outputs: readonly OnnxValueInfo[]
  readonly initializers: readonly OnnxInitializer[]
}

const irVersion = 10
const operatorSetVersion = 20
const microsoftOperatorSetVersion = 1

/** Serialises a graph as an ONNX ModelProto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). */
export function encodeOnnxModel(graph: OnnxGraph): Uint8Array {
  const graphProto = new ProtobufWriter()
  for (const node of graph.nodes) graphProto.bytes(1, encodeNode(node))
  graphProto.bytes(2, graph.name)
  for (const initializer of graph.initializers) graphProto.bytes(5, encodeInitializer(initializer))
  for (const input of graph.inputs) graphProto.bytes(11, encodeValueInfo(input))
  for (const output of graph.outputs) graphProto.bytes(12, encodeValueInfo(output))
  return new ProtobufWriter()
    .integer(1, irVersion)
    .bytes(2, 'maskwright')
    .bytes(7, graphProto)
    .bytes(8, new ProtobufWriter().bytes(1, '').integer(2, operatorSetVersion))
    .bytes(8, new ProtobufWriter().bytes(1, 'com.microsoft').integer(2, microsoftOperatorSetVersion))
    .finish()
}

function encodeNode(node: OnnxNode): ProtobufWriter {
  const proto = new ProtobufWriter()
  for (const input of node.inputs) proto.bytes(1, input)
  for (const output of node.outputs) proto.bytes(2, output)
  proto.bytes(3, `${node.operator}:${node.outputs[0] ?? ''}`)
  proto.bytes(4, node.operator)
  for (const [name, value] of Object.entries(node.attributes)) proto.bytes(5, encodeAttribute(name, value))
  if (node.domain !== '') proto.bytes(7, node.domain)
  return proto
}

function encodeAttribute(name: string, attribute: AttributeValue): ProtobufWriter {
  const proto = new ProtobufWriter().bytes(1, name)
  switch (attribute.kind) {
    case 'float':
      return proto.float(2, attribute.value).integer(20, 1)
    case 'integer':
      return proto.integer(3, attribute.value).integer(20, 2)
    case 'string':
      return proto.bytes(4, attribute.value).integer(20, 3)
    case 'integers':
      for (const value of attribute.value) proto.integer(8, value)
      return proto.integer(20, 7)
  }
}

function encodeInitializer(initializer: OnnxInitializer): ProtobufWriter {
  const proto = new ProtobufWriter()
  for (const dimension of initializer.shape) proto.integer(1, dimension)
  proto.integer(2, elementTypes[initializer.type]).bytes(8, initializer.name)
  if ('bytes' in initializer) return proto.bytes(9, initializer.bytes)
  const entries = {
    location: initializer.fileName,
    offset: String(initializer.offsetBytes),
    length: String(initializer.lengthBytes),
  }
  for (const [key, value] of Object.entries(entries)) {
    proto.bytes(13, new ProtobufWriter().bytes(1, key).bytes(2, value))
  }
  return proto.integer(14, 1)
}

function encodeValueInfo(value: OnnxValueInfo): ProtobufWriter {
  const shape = new ProtobufWriter()
  for (const dimension of value.shape) {
    shape.bytes(
      1,
      typeof dimension === 'number'
        ? new ProtobufWriter().integer(1, dimension)
        : new ProtobufWriter().bytes(2, dimension),
    )
  }
  const tensor = new ProtobufWriter().integer(1, elementTypes[value.type]).bytes(2, shape)
  return new ProtobufWriter().bytes(1, value.name).bytes(2, new ProtobufWriter().bytes(1, tensor))
}
