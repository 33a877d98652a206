import { cpus, totalmem } from 'node:os'
import type { Device, ExecutionProvider } from '../../contract/devices.ts'
import type { DeviceMemory } from '../devices/device-memory.ts'
import type { Device as RuntimeDevice } from '../../../models/runtime/session.ts'
import { supportedDevices } from '../../../models/runtime/supported-devices.ts'

const providers: Readonly<Record<RuntimeDevice, { provider: ExecutionProvider; name: string }>> = {
  cpu: { provider: 'cpu', name: 'Processor' },
  cuda: { provider: 'cuda', name: 'NVIDIA GPU (CUDA)' },
  dml: { provider: 'directml', name: 'GPU (DirectML)' },
  coreml: { provider: 'coreml', name: 'Apple GPU (Core ML)' },
  webgpu: { provider: 'webgpu', name: 'GPU (WebGPU)' },
}

/** The runtime's device for a setting such as `webgpu:0`; `auto` is the fastest that has proved itself. */
export function runtimeDevice(setting: string, memory: DeviceMemory): RuntimeDevice {
  const provider = setting.split(':')[0]
  const found = (Object.keys(providers) as RuntimeDevice[]).find(
    (device) => providers[device].provider === provider,
  )
  if (found === undefined) return memory.fastest
  return supportedDevices().includes(found) ? found : 'cpu'
}

/** The devices of this installation, with what was found out about them. */
export function listDevices(inUse: RuntimeDevice, memory: DeviceMemory): Device[] {
  const found = memory.list()
  const processor = found.find(({ device }) => device === 'cpu')?.finding
  return found.map(({ device, finding }) => {
    const { provider, name } = providers[device]
    const isProcessor = device === 'cpu'
    const model = cpus()[0]?.model.trim() ?? ''
    const isComparable = processor?.works === true && finding?.works === true
    return {
      id: `${provider}:0`,
      provider,
      name: isProcessor && model !== '' ? model.slice(0, 200) : name,
      state: isProcessor || finding?.works === true ? 'works' : finding === undefined ? 'untested' : 'failed',
      reason: finding?.works === false ? finding.reason : null,
      memoryBytes: isProcessor ? totalmem() : null,
      speedOverCpu: isProcessor
        ? 1
        : isComparable
          ? processor.millisecondsPerFrame / finding.millisecondsPerFrame
          : null,
      inUse: device === inUse,
    }
  })
}
