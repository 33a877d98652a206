import { basename } from 'node:path'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { requireTensor } from '../checkpoint/require-tensor.ts'
import {
  elementTypes,
  encodeOnnxModel,
  type AttributeValue,
  type Dimension,
  type ElementType,
  type OnnxInitializer,
  type OnnxNode,
  type OnnxValueInfo,
} from './onnx-model.ts'

/** A value in the graph, by name. Shapes stand in comments where they change. */
export type Value = string

type Attributes = Readonly<Record<string, AttributeValue>>

export const integer = (value: number): AttributeValue => ({ kind: 'integer', value })
export const float = (value: number): AttributeValue => ({ kind: 'float', value })
export const text = (value: string): AttributeValue => ({ kind: 'string', value })
export const integers = (value: readonly number[]): AttributeValue => ({ kind: 'integers', value })

/** How a graph is written: what it computes stays the same. */
export interface GraphStyle {
  /**
   * `fp16` computes at half width, `int8` a convolutional trunk in 8 bits; what goes in and out is float32 in any case.
   */
  readonly precision: 'fp32' | 'fp16' | 'int8'
  /**
   * `fused` is one operator that never writes the score matrix; `plain` is two matrix products, for devices whose fused
   * operator gives wrong numbers.
   */
  readonly attention: 'fused' | 'plain'
}

const exactStyle: GraphStyle = { precision: 'fp32', attention: 'fused' }

/**
 * Writes one ONNX graph whose weights stay in the checkpoint file (ONNX external data), so that the graph
 * itself is small. Layers are in graph/layers.ts; what is here knows ONNX only.
 */
export class GraphBuilder {
  readonly checkpoint: Checkpoint
  readonly style: GraphStyle
  private readonly name: string
  private readonly nodes: OnnxNode[] = []
  private readonly inputs: OnnxValueInfo[] = []
  private readonly outputs: OnnxValueInfo[] = []
  private readonly initializers: OnnxInitializer[] = []
  private readonly weights = new Map<string, Value>()
  private nextValue = 0

  constructor(name: string, checkpoint: Checkpoint, style: GraphStyle = exactStyle) {
    this.name = name
    this.checkpoint = checkpoint
    this.style = style
  }

  input(name: string, type: ElementType, shape: readonly Dimension[]): Value {
    this.inputs.push({ name, type, shape })
    return type === 'float32' ? this.atPrecision(name) : name
  }

  output(name: string, value: Value, shape: readonly Dimension[]): void {
    const isHalf = this.style.precision === 'fp16'
    const attributes: Attributes = isHalf ? { to: integer(elementTypes.float32) } : {}
    const operator = isHalf ? 'Cast' : 'Identity'
    this.nodes.push({ operator, domain: '', inputs: [value], outputs: [name], attributes })
    this.outputs.push({ name, type: 'float32', shape })
  }

  /** One operator with one result. An empty string leaves an optional input out. */
  operator(operator: string, inputs: readonly Value[], attributes: Attributes = {}, domain = ''): Value {
    const [result] = this.operators(operator, inputs, 1, attributes, domain)
    return result!
  }

  operators(
    operator: string,
    inputs: readonly Value[],
    resultCount: number,
    attributes: Attributes = {},
    domain = '',
  ): Value[] {
    const outputs = Array.from({ length: resultCount }, () => `v${this.nextValue++}`)
    this.nodes.push({ operator, domain, inputs, outputs, attributes })
    return outputs
  }

  /**
   * A weight of the checkpoint, read in place. `viewShape` is the shape the graph sees, if it is another view of
   * the same bytes. Weights of another width than the graph's are converted when the session is made.
   * Throws MissingTensor or MisshapenTensor when it is not in the checkpoint as `shape`.
   */
  weight(tensorName: string, shape: readonly number[], viewShape: readonly number[] = shape): Value {
    const name = `${tensorName}[${viewShape.join(',')}]`
    const known = this.weights.get(name)
    if (known !== undefined) return known
    const { type, file, offsetBytes, lengthBytes } = requireTensor(this.checkpoint, tensorName, shape)
    if (type !== 'float32' && type !== 'float16' && type !== 'bfloat16') {
      throw new Error(`requireTensor let ${tensorName} through as ${type}`)
    }
    this.initializers.push({
      name,
      type,
      shape: viewShape,
      fileName: basename(file),
      offsetBytes,
      lengthBytes,
    })
    const value = type === this.floatType ? name : this.castToFloat(name)
    this.weights.set(name, value)
    return value
  }

  /** A float constant carried by the graph itself. */
  floats(values: Float32Array | readonly number[], shape: readonly number[]): Value {
    return this.atPrecision(this.exactFloats(values, shape))
  }

  /** A float constant for operators that take no other width (factors of a resize). */
  exactFloats(values: Float32Array | readonly number[], shape: readonly number[]): Value {
    const data = Float32Array.from(values)
    return this.inline('float32', new Uint8Array(data.buffer), shape)
  }

  /** Any numbers as the floats that the graph computes with. */
  castToFloat(x: Value): Value {
    return this.operator('Cast', [x], { to: integer(elementTypes[this.floatType]) })
  }

  /** A 64-bit integer constant (shapes, axes, indices). */
  integers(values: readonly number[], shape: readonly number[] = [values.length]): Value {
    const data = BigInt64Array.from(values, BigInt)
    return this.inline('int64', new Uint8Array(data.buffer), shape)
  }

  build(): Uint8Array {
    return encodeOnnxModel({
      name: this.name,
      nodes: this.nodes,
      inputs: this.inputs,
      outputs: this.outputs,
      initializers: this.initializers,
    })
  }

  private get floatType(): 'float32' | 'float16' {
    return this.style.precision === 'fp16' ? 'float16' : 'float32'
  }

  private atPrecision(x: Value): Value {
    return this.style.precision === 'fp16' ? this.castToFloat(x) : x
  }

  private inline(type: ElementType, bytes: Uint8Array, shape: readonly number[]): Value {
    const name = `c${this.nextValue++}`
    this.initializers.push({ name, type, shape, bytes })
    return name
  }
}
