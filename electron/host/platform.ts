import type { HostCapabilities } from '../contract/hello.ts'

/** This system, as hosts name it. */
export function hostPlatform(platform: NodeJS.Platform = process.platform): HostCapabilities['platform'] {
  return platform === 'linux' || platform === 'darwin' || platform === 'win32' ? platform : 'other'
}
