// The process that a device is probed in: device-probe.ts DEVICE. Its last line is the finding as JSON.
import { isDevice } from '../runtime/session.ts'
import { probeDevice } from './probe-device.ts'

const device = process.argv[2] ?? ''
if (!isDevice(device)) throw new Error(`There is no device "${device}".`)
const finding = await probeDevice(device)
process.stdout.write(`${JSON.stringify(finding)}\n`, () => {
  // A driver's threads would keep the process up, or take it down with an error that says nothing of the device.
  process.kill(process.pid, 'SIGKILL')
})
