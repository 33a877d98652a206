// What a device is probed in: a process of its own, device-probe.ts DEVICE, whose last line is the finding as JSON, or a
// thread, which posts it.
import { parentPort, workerData } from 'node:worker_threads'
import { isDevice } from '../runtime/session.ts'
import { probeDevice } from './probe-device.ts'

const device: unknown = parentPort === null ? process.argv[2] : workerData
if (typeof device !== 'string' || !isDevice(device))
  throw new Error(`There is no device "${String(device)}".`)
const finding = await probeDevice(device)
if (parentPort !== null) parentPort.postMessage(finding)
else
  process.stdout.write(`${JSON.stringify(finding)}\n`, () => {
    // A driver's threads would keep the process up, or take it down with an error that says nothing of the device.
    process.kill(process.pid, 'SIGKILL')
  })
