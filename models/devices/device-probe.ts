// What a device is probed in: a process of its own, device-probe.ts DEVICE, which says the finding in a line of JSON and
// ends when its input does, or a thread, which posts it.
import { parentPort, workerData } from 'node:worker_threads'
import { isDevice } from '../runtime/session.ts'
import { probeDevice } from './probe-device.ts'

const device: unknown = parentPort === null ? process.argv[2] : workerData
if (typeof device !== 'string' || !isDevice(device))
  throw new Error(`There is no device "${String(device)}".`)
if (parentPort === null) process.stdin.resume().once('end', end)
const finding = await probeDevice(device)
if (parentPort !== null) parentPort.postMessage(finding)
else process.stdout.write(`${JSON.stringify(finding)}\n`, end)

/** A driver's threads would keep the process up, or take it down with an error that says nothing of the device. */
function end(): void {
  process.kill(process.pid, 'SIGKILL')
}
