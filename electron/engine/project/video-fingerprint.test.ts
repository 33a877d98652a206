import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fingerprintVideo } from './video-fingerprint.ts'

const root = mkdtempSync(join(tmpdir(), 'maskwright-fingerprint-'))
afterAll(() => rmSync(root, { recursive: true }))

function folder(name: string, fill: (path: string) => void): string {
  const path = join(root, name)
  mkdirSync(path)
  fill(path)
  return path
}

test('folders of links to pictures are told apart, and are as folders of the pictures', async () => {
  const one = join(root, 'one.png')
  const other = join(root, 'other.png')
  writeFileSync(one, 'one picture')
  writeFileSync(other, 'an other one')
  const linked = folder('linked', (path) => symlinkSync(one, join(path, '0.png')))
  const linkedOther = folder('linked-other', (path) => symlinkSync(other, join(path, '0.png')))
  const broken = folder('broken', (path) => {
    symlinkSync(one, join(path, '0.png'))
    symlinkSync(join(root, 'nowhere'), join(path, '1.png'))
  })
  const plain = folder('plain', (path) => writeFileSync(join(path, '0.png'), 'one picture'))
  expect(await fingerprintVideo(linked)).toEqual(await fingerprintVideo(plain))
  expect(await fingerprintVideo(broken)).toEqual(await fingerprintVideo(plain))
  expect(await fingerprintVideo(linked)).not.toEqual(await fingerprintVideo(linkedOther))
})

test.skipIf(process.platform === 'win32')('what is neither a file nor a folder is not read', async () => {
  const pipe = join(root, 'pipe.mp4')
  execFileSync('mkfifo', [pipe])
  await expect(fingerprintVideo(pipe)).rejects.toThrow('neither')
  await expect(fingerprintVideo('/dev/zero')).rejects.toThrow('neither')
})
