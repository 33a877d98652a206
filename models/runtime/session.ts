import { dirname } from 'node:path'
import { InferenceSession } from './onnx-runtime.ts'
import { ModelError } from '../errors.ts'
import { RuntimeTensor } from './tensor.ts'

/** Where graphs run, the processor first. */
export const devices = ['cpu', 'cuda', 'dml', 'coreml', 'webgpu'] as const
export type Device = (typeof devices)[number]

export function isDevice(name: string): name is Device {
  return devices.some((device) => device === name)
}

export interface SessionOptions {
  readonly device: Device
  /** Threads inside one operator on the CPU. */
  readonly threads: number
  /** Leave outputs on the device where it can, for other graphs to take; they must then be disposed of. */
  readonly keepOnDevice?: boolean
}

/** Why a graph did not run. */
export type FailureKind = 'device-lost' | 'out-of-memory' | 'wrong-numbers' | 'refused'

const failureSentences: Readonly<Record<FailureKind, string>> = {
  'device-lost': 'The graphics device was lost while the model ran',
  'out-of-memory': 'The device has not enough memory',
  'wrong-numbers': 'The device gave numbers that are none',
  refused: 'It could not be run on this machine',
}

/** The runtime refused a graph or a run; what it said is the cause. */
export class InferenceFailed extends ModelError {
  readonly kind: FailureKind

  constructor(graph: string, options: { cause: unknown }, kind: FailureKind = kindOf(options.cause)) {
    super('inference-failed', `${failureSentences[kind]} (model part "${graph}").`, options)
    this.kind = kind
  }
}

function kindOf(cause: unknown): FailureKind {
  const message = cause instanceof Error ? cause.message : String(cause)
  if (/device (is |was )?(lost|removed|hung)|DXGI_ERROR_DEVICE|DEVICE_LOST/i.test(message))
    return 'device-lost'
  if (
    /out of (device )?memory|OUT_OF_(DEVICE_|HOST_)?MEMORY|failed to allocate|bad allocation/i.test(message)
  )
    return 'out-of-memory'
  return 'refused'
}

/** One graph loaded on a device. */
export interface Session {
  run(inputs: Readonly<Record<string, RuntimeTensor>>): Promise<Readonly<Record<string, RuntimeTensor>>>
  release(): Promise<void>
}

/** Whether the runtime can hand a device's buffers from one graph to the next. */
export function keepsTensors(device: Device): boolean {
  return device === 'webgpu'
}

/**
 * Loads a graph. Its weights are read from the folder of `checkpointPath` by the runtime itself.
 * @throws InferenceFailed when the runtime does not take it.
 */
export async function createSession(
  name: string,
  graph: Uint8Array,
  checkpointPath: string,
  options: SessionOptions,
): Promise<Session> {
  const session = await InferenceSession.create(graph, sessionOptionsFor(checkpointPath, options)).catch(
    (cause: unknown) => {
      throw new InferenceFailed(name, { cause })
    },
  )
  return {
    run: async (inputs) => {
      const natives = Object.entries(inputs).map(([input, { native }]) => [input, native] as const)
      const outputs = await session.run(Object.fromEntries(natives)).catch((cause: unknown) => {
        throw new InferenceFailed(name, { cause })
      })
      return Object.fromEntries(
        Object.entries(outputs).map(([output, native]) => [output, new RuntimeTensor(native)]),
      )
    },
    release: () => session.release(),
  }
}

/** The options in the runtime's own words. */
export function sessionOptionsFor(
  checkpointPath: string,
  { device, threads, keepOnDevice = false }: SessionOptions,
): InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    ...(keepOnDevice && keepsTensors(device) ? { preferredOutputLocation: 'gpu-buffer' } : {}),
    extra: {
      session: {
        model_external_initializers_file_folder_path: dirname(checkpointPath),
        // Threads that wait sleep: while they spun, they took the processor from decoding, coding and the other graphs.
        intra_op: { allow_spinning: '0' },
      },
    },
  }
}
