import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { finished } from 'node:stream/promises'
import * as asar from '@electron/asar'

/** The first bytes of a program, enough to tell what it is for. */
export function elfHeader(machine: number): Buffer {
  const bytes = Buffer.alloc(64)
  bytes.writeUInt32BE(0x7f454c46, 0)
  bytes.writeUInt16LE(machine, 18)
  return bytes
}

export function peHeader(machine: number): Buffer {
  const bytes = Buffer.alloc(128)
  bytes.write('MZ', 0, 'latin1')
  bytes.writeUInt32LE(64, 0x3c)
  bytes.write('PE\0\0', 64, 'latin1')
  bytes.writeUInt16LE(machine, 68)
  return bytes
}

export const ELF_X64 = 0x3e
export const ELF_ARM64 = 0xb7

/** Contents by path: of the archive, beside it, and in the folder of the package. */
export interface PackageParts {
  readonly archive: Record<string, string>
  readonly outside: Record<string, string | Buffer>
}

/** A small package that holds everything it must. Electron 9 stands in its papers: it has no fuses. */
export function wholePackage(): PackageParts {
  return {
    archive: {
      'package.json': '{"main":"out/main/main.js"}',
      'out/main/main.js': 'import "node:fs"\nawait Promise.resolve()\n',
      'out/main/engine-process.js': 'export {}\n',
      'out/preload/preload.cjs': 'require("electron")\n',
      'out/renderer/index.html': '<!doctype html><p>',
    },
    outside: {
      maskwright: elfHeader(ELF_X64),
      'resources/app.asar.unpacked/out/threads/tracker-thread.js': 'export {}\n',
      'resources/app.asar.unpacked/node_modules/sharp/sharp.node': elfHeader(ELF_X64),
      'resources/models/zoo/nano/nano.pt': Buffer.alloc(10_000_000),
      'resources/models/zoo/nano/README.md': 'card',
      'resources/ffmpeg/ffmpeg': elfHeader(ELF_X64),
      'resources/ffmpeg/ffprobe': elfHeader(ELF_X64),
      'resources/ffmpeg/LICENCE.txt': 'licence '.repeat(100),
      'resources/sample/bottles.mp4': Buffer.alloc(2000),
      'resources/LICENCES.html': 'x'.repeat(2000),
      'resources/sbom.cdx.json': JSON.stringify({
        components: [{ name: 'electron', version: '9.4.1' }],
        filler: 'x'.repeat(1000),
      }),
    },
  }
}

/** Writes a package as electron-builder lays it out for Linux. */
export async function writePackage(folder: string, { archive, outside }: PackageParts): Promise<void> {
  const staged = join(folder, '..', 'staged')
  for (const [path, text] of Object.entries(archive)) write(join(staged, path), text)
  for (const [path, content] of Object.entries(outside)) write(join(folder, path), content)
  // The stream comes back before its last bytes are in the file.
  await finished(await asar.createPackage(staged, join(folder, 'resources', 'app.asar')))
}

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}
