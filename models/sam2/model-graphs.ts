import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { createSession, type Session, type SessionOptions } from '../runtime/session.ts'
import type { RuntimeTensor } from '../runtime/tensor.ts'
import type { ModelConfiguration } from './configuration.ts'
import { buildGraph, type GraphName } from './graphs.ts'

type Tensors = Readonly<Record<string, RuntimeTensor>>

export interface ModelGraphsOptions extends Pick<SessionOptions, 'device' | 'threads'> {
  /** Called after each run of a graph with its name and how long it took. */
  readonly onRun?: (graph: string, milliseconds: number) => void
}

/** The graphs of one model on one device, each made when it is first needed. */
export class ModelGraphs {
  readonly #checkpoint: Checkpoint
  readonly #configuration: ModelConfiguration
  readonly #options: ModelGraphsOptions
  readonly #sessions = new Map<GraphName, Promise<Session>>()

  constructor(checkpoint: Checkpoint, configuration: ModelConfiguration, options: ModelGraphsOptions) {
    this.#checkpoint = checkpoint
    this.#configuration = configuration
    this.#options = options
  }

  /**
   * Runs a graph. What the mask decoder and the pooling say comes to memory; all else stays where the graph ran.
   * @throws InferenceFailed, and for a checkpoint of another model MissingTensor and MisshapenTensor
   */
  async run(name: GraphName, inputs: Tensors): Promise<Tensors> {
    const session = await this.#session(name)
    const start = performance.now()
    const outputs = await session.run(inputs)
    this.#options.onRun?.(name, performance.now() - start)
    return outputs
  }

  /** Makes a graph ready. @throws as `run` does */
  async load(name: GraphName): Promise<void> {
    await this.#session(name)
  }

  /** Frees what the runtime holds. */
  async dispose(): Promise<void> {
    const sessions = [...this.#sessions.values()]
    this.#sessions.clear()
    for (const session of await Promise.allSettled(sessions)) {
      if (session.status === 'fulfilled') await session.value.release()
    }
  }

  #session(name: GraphName): Promise<Session> {
    const known = this.#sessions.get(name)
    if (known) return known
    const checkpoint = this.#checkpoint
    const made = Promise.resolve().then(() =>
      createSession(name, buildGraph(name, checkpoint, this.#configuration), checkpoint.path, {
        ...this.#options,
        keepOnDevice: !name.startsWith('mask-decoder') && name !== 'foreground-pooling',
      }),
    )
    this.#sessions.set(name, made)
    return made
  }
}
