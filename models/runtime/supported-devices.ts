import { listSupportedBackends } from './onnx-runtime.ts'
import { devices, type Device } from './session.ts'

/** Devices that the runtime of this installation brings what it takes for. Whether the machine has one is not said. */
export function supportedDevices(): Device[] {
  const bundled = new Set(
    listSupportedBackends()
      .filter(({ bundled }) => bundled)
      .map(({ name }) => name),
  )
  return devices.filter((device) => device === 'cpu' || bundled.has(device))
}
