import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readFuses } from './fuses.ts'

/** What Electron's program carries before its fuses; the tool that sets them looks for it, too. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
/** Version of the wire, how many fuses, then one byte each. */
const wire = (states: string): Buffer =>
  Buffer.concat([
    Buffer.alloc(64, 7),
    Buffer.from(SENTINEL),
    Buffer.from([1, states.length]),
    Buffer.from(states),
    Buffer.alloc(64, 7),
  ])

function program(bytes: Buffer): string {
  const file = join(mkdtempSync(join(tmpdir(), 'maskwright-fuses-')), 'maskwright')
  writeFileSync(file, bytes)
  return file
}

test('takes the fuses as electron-builder.yml sets them', async () => {
  expect(await readFuses(program(wire('01001100')), '45.4.1')).toEqual({ problems: [], remark: null })
})

test('names each fuse that stands wrong', async () => {
  const { problems } = await readFuses(program(wire('11110001')), '45.4.1')
  expect(problems).toEqual([
    'The fuse RunAsNode is not off.',
    'The fuse EnableNodeOptionsEnvironmentVariable is not off.',
    'The fuse EnableNodeCliInspectArguments is not off.',
    'The fuse EnableEmbeddedAsarIntegrityValidation is not on.',
    'The fuse OnlyLoadAppFromAsar is not on.',
    'The fuse GrantFileProtocolExtraPrivileges is not off.',
  ])
})

test('a program without fuses is wrong, unless its Electron never had them', async () => {
  const bare = program(Buffer.alloc(128))
  expect((await readFuses(bare, '45.4.1')).problems[0]).toContain('cannot be read')
  expect(await readFuses(bare, '9.4.1')).toEqual({
    problems: [],
    remark: 'Electron 9.4.1 has no fuses: none can be set or read.',
  })
})
