import fuses from '@electron/fuses'
import { hasFuses } from '../electron-files.ts'

const { FuseV1Options, getCurrentFuseWire } = fuses

/** How a fuse stands, as the byte in the program says it: `0` or `1`. */
const OFF = 0x30
const ON = 0x31

/** How each fuse has to stand (electron-builder.yml sets them). */
const WANTED: ReadonlyMap<number, number> = new Map([
  [FuseV1Options.RunAsNode, OFF],
  [FuseV1Options.EnableCookieEncryption, ON],
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable, OFF],
  [FuseV1Options.EnableNodeCliInspectArguments, OFF],
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, ON],
  [FuseV1Options.OnlyLoadAppFromAsar, ON],
  [FuseV1Options.GrantFileProtocolExtraPrivileges, OFF],
])

export interface FuseReport {
  readonly problems: readonly string[]
  /** What is worth saying though nothing is wrong. */
  readonly remark: string | null
}

/** Reads the fuses of an Electron program (or of the folder of a macOS app). Before Electron 12 there are none. */
export async function readFuses(program: string, electronVersion: string): Promise<FuseReport> {
  if (!hasFuses(electronVersion)) {
    return { problems: [], remark: `Electron ${electronVersion} has no fuses: none can be set or read.` }
  }
  let wire: Awaited<ReturnType<typeof getCurrentFuseWire>>
  try {
    wire = await getCurrentFuseWire(program)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { problems: [`The fuses cannot be read: ${why}`], remark: null }
  }
  const states = wire as unknown as Readonly<Record<number, number | undefined>>
  const problems = [...WANTED].flatMap(([fuse, state]) =>
    states[fuse] === state ? [] : [`The fuse ${FuseV1Options[fuse]} is not ${state === ON ? 'on' : 'off'}.`],
  )
  return { problems, remark: null }
}
