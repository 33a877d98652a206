import type { Device } from '../../electron/contract/devices.ts'
import { texts } from '../texts/texts.ts'
import type { SelectOption } from '../ui/select-option.ts'

/** A device in a few words: `GPU · WebGPU`. */
export function deviceName(device: Device): string {
  return `${texts.models.kinds[device.provider]} · ${texts.models.providers[device.provider]}`
}

/** The devices to choose from, with what `auto` comes to. */
export function deviceOptions(devices: readonly Device[]): SelectOption<string>[] {
  const inUse = devices.find((device) => device.inUse)
  return [
    {
      value: 'auto',
      label: texts.models.automatic,
      ...(inUse === undefined ? {} : { shown: deviceName(inUse), note: deviceName(inUse) }),
    },
    ...devices.map((device) => ({
      value: device.id,
      label: deviceName(device),
      note: device.state === 'failed' ? texts.models.deviceFails : device.name,
      disabled: device.state === 'failed',
    })),
  ]
}
