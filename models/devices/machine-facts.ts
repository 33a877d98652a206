import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { arch, cpus, platform, release } from 'node:os'
import { createRequire } from 'node:module'
import { z } from 'zod'

/** Places where drivers of graphics devices say that they are there. */
const driverFolders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d']
const driverVariables = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES', 'VK_ADD_DRIVER_FILES']

/**
 * What a finding depends on: the runtime's version, the machine and its drivers, as one text. A finding is remembered as
 * long as it stays the same.
 */
export function machineFacts(): string {
  return JSON.stringify({
    runtime: runtimeVersion(),
    system: [platform(), arch(), release()],
    processor: cpus()[0]?.model ?? '',
    graphics: platform() === 'linux' ? linuxGraphics() : [],
    variables: driverVariables.map((name) => process.env[name] ?? ''),
  })
}

function runtimeVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('onnxruntime-node/package.json')
  return z.object({ version: z.string() }).parse(manifest).version
}

/** Vendor and device of each graphics card, NVIDIA's driver, and the Vulkan drivers with their age. */
function linuxGraphics(): string[] {
  const cards = namesIn('/sys/class/drm')
    .filter((name) => /^card\d+$/.test(name))
    .map((name) =>
      ['vendor', 'device'].map((part) => textOf(`/sys/class/drm/${name}/device/${part}`)).join(':'),
    )
  return [
    ...cards,
    textOf('/proc/driver/nvidia/version').split('\n')[0]!,
    ...driverFolders.flatMap(driversIn),
  ]
}

/** Name and age of each driver's file; what cannot be read has no age, and a folder that cannot, no drivers. */
export function driversIn(folder: string): string[] {
  return namesIn(folder).map((name) => `${name}@${ageOf(join(folder, name))}`)
}

/**
 * Whether it is worth asking: on Linux a graphics device has a node in /dev, or its driver is named by a variable.
 * Elsewhere every machine has one.
 */
export function hasGraphicsDevice(): boolean {
  if (platform() !== 'linux') return true
  return driverVariables.some((name) => process.env[name]) || hasDeviceNode()
}

/** Of NVIDIA's the node that goes with any number: a container may have been given the second one only. */
export function hasDeviceNode(exists: (path: string) => boolean = existsSync): boolean {
  return ['/dev/dri', '/dev/dxg', '/dev/nvidiactl', '/dev/kfd'].some((path) => exists(path))
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

function ageOf(path: string): string {
  try {
    return String(statSync(path).mtimeMs)
  } catch {
    return ''
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}
