import { cpus, totalmem } from 'node:os'
import type { Device, ExecutionProvider } from '../../contract/devices.ts'
import type { Device as RuntimeDevice } from '../../../models/runtime/session.ts'
import { supportedDevices } from '../../../models/runtime/supported-devices.ts'

const providers: Readonly<Record<RuntimeDevice, { provider: ExecutionProvider; name: string }>> = {
  cpu: { provider: 'cpu', name: 'Processor' },
  cuda: { provider: 'cuda', name: 'NVIDIA GPU (CUDA)' },
  dml: { provider: 'directml', name: 'GPU (DirectML)' },
  coreml: { provider: 'coreml', name: 'Apple GPU (Core ML)' },
  webgpu: { provider: 'webgpu', name: 'GPU (WebGPU)' },
}

/** The runtime's device for a setting such as `webgpu:0`; `auto` is the processor until another one has proved itself. */
export function runtimeDevice(setting: string): RuntimeDevice {
  const provider = setting.split(':')[0]
  const found = (Object.keys(providers) as RuntimeDevice[]).find(
    (device) => providers[device].provider === provider,
  )
  return found !== undefined && supportedDevices().includes(found) ? found : 'cpu'
}

/** What a device was found to be like by running the model on it. */
export interface DeviceFinding {
  readonly works: boolean
  /** Why it does not, as a sentence. */
  readonly reason: string | null
}

/** The devices of this installation, with what was found out about them. */
export function listDevices(
  inUse: RuntimeDevice,
  findings: ReadonlyMap<RuntimeDevice, DeviceFinding>,
): Device[] {
  return supportedDevices().map((device) => {
    const { provider, name } = providers[device]
    const finding = findings.get(device)
    const isProcessor = device === 'cpu'
    const works = isProcessor || finding?.works === true
    const model = cpus()[0]?.model.trim() ?? ''
    return {
      id: `${provider}:0`,
      provider,
      name: isProcessor && model !== '' ? model.slice(0, 200) : name,
      state: works ? 'works' : finding === undefined ? 'untested' : 'failed',
      reason: finding?.reason ?? null,
      memoryBytes: isProcessor ? totalmem() : null,
      speedOverCpu: isProcessor ? 1 : null,
      inUse: device === inUse,
    }
  })
}
