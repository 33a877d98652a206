import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import type { GraphStyle } from '../graph/graph-builder.ts'
import { createSession, type Device, type Session, type SessionOptions } from '../runtime/session.ts'
import type { RuntimeTensor } from '../runtime/tensor.ts'
import type { ModelConfiguration } from './configuration.ts'
import { buildGraph, type GraphName } from './graphs.ts'

type Tensors = Readonly<Record<string, RuntimeTensor>>

export type Precision = GraphStyle['precision']

/** `auto` is fp16 on a device that gains by it; `int8` is for the processor and a trunk that can be had so. */
export type WantedPrecision = 'auto' | 'fp32' | 'fp16' | 'int8'

/** Graphs besides the mask decoders whose output is read here. */
const broughtToMemory: ReadonlySet<GraphName> = new Set(['foreground-pooling', 'memory-join-1'])

export interface ModelGraphsOptions extends Pick<SessionOptions, 'device' | 'threads'> {
  /** Of the image encoder and the memory attention; all else is fp32, since its errors add up over frames. */
  readonly precision: WantedPrecision
  /** Opens the runtime's sessions; tests put failing devices in its place. */
  readonly openSession?: typeof createSession
  /** Called after each run of a graph with its name and how long it took. */
  readonly onRun?: (graph: string, milliseconds: number) => void
}

/** Graphs that gain by half width and whose errors do not go round through the memory. */
const halfGraphs: readonly GraphName[] = [
  'image-encoder',
  'memory-attention',
  'memory-attention-without-pointers',
]

/** The graphs of one model on one device, each made when it is first needed. */
export class ModelGraphs {
  readonly #checkpoint: Checkpoint
  readonly #configuration: ModelConfiguration
  readonly #sessions = new Map<string, Promise<Session>>()
  readonly #precisions = new Map<GraphName, Precision>()
  #options: ModelGraphsOptions

  constructor(checkpoint: Checkpoint, configuration: ModelConfiguration, options: ModelGraphsOptions) {
    this.#checkpoint = checkpoint
    this.#configuration = configuration
    this.#options = options
  }

  /**
   * Runs a graph. What the mask decoder and the pooling say comes to memory, and a single memory that is joined with
   * none: that is how one is read. All else stays where the graph ran.
   * @throws InferenceFailed, and for a checkpoint of another model MissingTensor and MisshapenTensor
   */
  async run(
    name: GraphName,
    inputs: Tensors,
    precision: Precision = this.precisionOf(name),
  ): Promise<Tensors> {
    const session = await this.#session(name, precision)
    const start = performance.now()
    const outputs = await session.run(inputs)
    this.#options.onRun?.(name, performance.now() - start)
    return outputs
  }

  /** Makes a graph ready. @throws as `run` does */
  async load(name: GraphName): Promise<void> {
    await this.#session(name, this.precisionOf(name))
  }

  get device(): Device {
    return this.#options.device
  }

  /** What a graph runs at: what was wished for until `settle` says otherwise. The processor has nothing to gain by fp16. */
  precisionOf(name: GraphName): Precision {
    const { device, precision } = this.#options
    if (device === 'cpu') {
      return name === 'image-encoder' && precision === 'int8' ? 'int8' : 'fp32'
    }
    if (precision === 'fp32' || !halfGraphs.includes(name)) return 'fp32'
    return this.#precisions.get(name) ?? 'fp16'
  }

  /** Whether a graph runs at fp16 without having been held against fp32. */
  isUnproven(name: GraphName): boolean {
    return this.precisionOf(name) === 'fp16' && !this.#precisions.has(name)
  }

  /** Says what a graph runs at from now on, and frees the other. */
  async settle(name: GraphName, precision: Precision): Promise<void> {
    this.#precisions.set(name, precision)
    const other = keyOf(name, precision === 'fp16' ? 'fp32' : 'fp16')
    const session = await this.#sessions.get(other)?.catch(() => undefined)
    this.#sessions.delete(other)
    await session?.release()
  }

  /** Whether some graph runs at fp16, proven or not. */
  get usesHalf(): boolean {
    return halfGraphs.some((name) => this.precisionOf(name) === 'fp16')
  }

  /** Runs all graphs at fp32 from now on. */
  async leaveHalf(): Promise<void> {
    for (const name of halfGraphs) await this.settle(name, 'fp32')
  }

  /** Goes on on the processor; what the device holds is lost. */
  async moveToProcessor(): Promise<void> {
    this.#options = { ...this.#options, device: 'cpu' }
    // A lost device may not even let go.
    await this.dispose().catch(() => {})
  }

  /** Frees what the runtime holds. */
  async dispose(): Promise<void> {
    const sessions = [...this.#sessions.values()]
    this.#sessions.clear()
    for (const session of await Promise.allSettled(sessions)) {
      if (session.status === 'fulfilled') await session.value.release()
    }
  }

  #session(name: GraphName, precision: Precision): Promise<Session> {
    const key = keyOf(name, precision)
    const known = this.#sessions.get(key)
    if (known) return known
    const checkpoint = this.#checkpoint
    const { device, openSession = createSession } = this.#options
    const open = async (): Promise<Session> => {
      const style = graphStyleOn(device, precision)
      return openSession(name, buildGraph(name, checkpoint, this.#configuration, style), checkpoint.path, {
        ...this.#options,
        keepOnDevice: !name.startsWith('mask-decoder') && !broughtToMemory.has(name),
      })
    }
    const made = open()
    this.#sessions.set(key, made)
    return made
  }
}

/** How graphs are written for a device; WebGPU's fused attention gives wrong numbers. */
export function graphStyleOn(device: Device, precision: Precision): GraphStyle {
  return { precision, attention: device === 'webgpu' ? 'plain' : 'fused' }
}

function keyOf(name: GraphName, precision: Precision): string {
  return `${name} ${precision}`
}
