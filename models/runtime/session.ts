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

const deviceNames: Readonly<Record<Device, string>> = {
  cpu: 'the processor',
  cuda: 'CUDA',
  dml: 'DirectML',
  coreml: 'Core ML',
  webgpu: 'WebGPU',
}

function failureSentence(kind: FailureKind, device: Device): string {
  const name = deviceNames[device]
  switch (kind) {
    case 'device-lost':
      return 'The graphics device was lost while the model ran'
    case 'out-of-memory':
      return device === 'cpu' ? 'There is not enough memory' : `There is not enough memory for ${name}`
    case 'wrong-numbers':
      return device === 'cpu'
        ? 'The checkpoint leads to numbers that are none'
        : `The model gave numbers that are none on ${name}`
    case 'refused':
      return `The model could not be run on ${name}`
  }
}

export interface FailureOptions {
  /** Where the graph was to run. */
  readonly device: Device
  readonly cause: unknown
  /** Told by what the cause says by default. */
  readonly kind?: FailureKind
}

/** The runtime refused a graph or a run; what it said is the cause. */
export class InferenceFailed extends ModelError {
  readonly kind: FailureKind

  constructor(graph: string, { device, cause, kind = kindOf(cause) }: FailureOptions) {
    const code = kind === 'wrong-numbers' ? 'wrong-numbers' : 'inference-failed'
    super(code, `${failureSentence(kind, device)} (model part "${graph}").`, { cause })
    this.kind = kind
  }
}

/** In the words of Vulkan, Direct3D and CUDA (700, 719: the context is of no use after a kernel failed). */
const saysLost =
  /device (is |was )?(lost|removed|hung|reset)|DXGI_ERROR_DEVICE|DEVICE_LOST|887A000[567]|CUDA (failure|error) (700|719)\b/i
const saysNoMemory =
  /out of (device )?memory|OUT_OF_(DEVICE_|HOST_)?MEMORY|failed to allocate|bad allocation|bad_alloc|not enough memory|ALLOC_FAILED|8007000E/i

/** Why a graph did not run, by what the runtime and the drivers below it say. */
export function kindOf(cause: unknown): FailureKind {
  const message = cause instanceof Error ? cause.message : String(cause)
  if (saysLost.test(message)) return 'device-lost'
  return saysNoMemory.test(message) ? 'out-of-memory' : 'refused'
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
  const { device } = options
  const session = await InferenceSession.create(graph, sessionOptionsFor(checkpointPath, options)).catch(
    (cause: unknown) => {
      throw new InferenceFailed(name, { device, cause })
    },
  )
  return {
    run: async (inputs) => {
      const natives = Object.entries(inputs).map(([input, { native }]) => [input, native] as const)
      const outputs = await session.run(Object.fromEntries(natives)).catch((cause: unknown) => {
        throw new InferenceFailed(name, { device, cause })
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
