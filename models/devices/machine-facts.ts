import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
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
  const drivers = driverFolders.flatMap((folder) =>
    namesIn(folder).map((name) => `${name}@${String(statSync(`${folder}/${name}`).mtimeMs)}`),
  )
  return [...cards, textOf('/proc/driver/nvidia/version').split('\n')[0]!, ...drivers]
}

/**
 * Whether it is worth asking: on Linux a graphics device has a node in /dev, or its driver is named by a variable.
 * Elsewhere every machine has one.
 */
export function hasGraphicsDevice(): boolean {
  if (platform() !== 'linux') return true
  if (driverVariables.some((name) => process.env[name])) return true
  return ['/dev/dri', '/dev/dxg', '/dev/nvidia0', '/dev/kfd'].some((path) => existsSync(path))
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : []
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}
