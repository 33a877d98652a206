import type { Target } from '../target.ts'

const ELF_MACHINES: Readonly<Record<number, Target['arch']>> = { 0x3e: 'x64', 0xb7: 'arm64' }
const PE_MACHINES: Readonly<Record<number, Target['arch']>> = { 0x8664: 'x64', 0xaa64: 'arm64' }
const MACH_CPUS: Readonly<Record<number, Target['arch']>> = { 0x01000007: 'x64', 0x0100000c: 'arm64' }
const MACH_64 = 0xfeedfacf
const MACH_FAT = 0xcafebabe

/** A program or library for a system that no package is made for, such as 32-bit Windows. */
export const OTHER_BINARY = 'other'

/**
 * The system and processor that a program or library is for, by its header (ELF, PE, Mach-O).
 * @returns null for any other file, and for a PE or Mach-O file of another processor
 */
export function readBinaryKind(bytes: Buffer): Target | null {
  const kind = readBinaryHeader(bytes)
  return kind === null || kind === OTHER_BINARY ? null : kind
}

/** Like `readBinaryKind`, but tells binaries for other processors from files that are none. */
export function readBinaryHeader(bytes: Buffer): Target | typeof OTHER_BINARY | null {
  if (bytes.length < 64) return null
  if (bytes.readUInt32BE(0) === 0x7f454c46) return kindOf('linux', ELF_MACHINES[bytes.readUInt16LE(18)])
  if (bytes.readUInt32LE(0) === MACH_64) return kindOf('mac', MACH_CPUS[bytes.readUInt32LE(4)])
  if (bytes.readUInt32BE(0) === MACH_FAT) return OTHER_BINARY
  if (bytes.toString('latin1', 0, 2) !== 'MZ') return null
  const at = bytes.readUInt32LE(0x3c)
  if (at + 6 > bytes.length || bytes.toString('latin1', at, at + 4) !== 'PE\0\0') return null
  return kindOf('win', PE_MACHINES[bytes.readUInt16LE(at + 4)])
}

function kindOf(system: Target['system'], arch: Target['arch'] | undefined): Target | typeof OTHER_BINARY {
  return arch === undefined ? OTHER_BINARY : { system, arch }
}
