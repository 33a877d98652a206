import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createUpdateCheck, noPortableUpdates, updatePolicy, type Updater } from './updates.ts'

function desk(answers: boolean[], found: string | null) {
  const did: string[] = []
  const updater: Updater = {
    autoDownload: true,
    autoInstallOnAppQuit: true,
    checkForUpdates: () => {
      did.push('check')
      return Promise.resolve({ isUpdateAvailable: found !== null, updateInfo: { version: found ?? '1.0.0' } })
    },
    downloadUpdate: () => {
      did.push('download')
      return Promise.resolve([])
    },
    quitAndInstall: () => did.push('install'),
  }
  const check = createUpdateCheck({
    loadUpdater: () => Promise.resolve(updater),
    confirm: ({ message }) => {
      did.push(message)
      return Promise.resolve(answers.shift() ?? false)
    },
    closeWork: () => {
      did.push('close')
      return Promise.resolve()
    },
  })
  return { check, did, updater }
}

test('without a newer version nothing is asked or fetched', async () => {
  const { check, did, updater } = desk([], null)
  expect(await check()).toEqual({ outcome: 'current' })
  expect(did).toEqual(['check'])
  expect([updater.autoDownload, updater.autoInstallOnAppQuit]).toEqual([false, false])
})

test('a no leaves everything as it is', async () => {
  const { check, did } = desk([false], '2.0.0')
  expect(await check()).toEqual({ outcome: 'declined' })
  expect(did).toEqual(['check', 'Maskwright 2.0.0 can be had.'])
})

test('a yes downloads, a second yes saves the work and installs', async () => {
  const later = desk([true, false], '2.0.0')
  expect(await later.check()).toEqual({ outcome: 'ready' })
  expect(later.did).not.toContain('install')
  const now = desk([true, true], '2.0.0')
  await now.check()
  expect(now.did.slice(2)).toEqual(['download', 'Maskwright 2.0.0 is ready.', 'close', 'install'])
})

test('two checks at once are one', async () => {
  const { check, did } = desk([false], '2.0.0')
  await Promise.all([check(), check()])
  expect(did.filter((step) => step === 'check')).toHaveLength(1)
})

test('a copy without an address looks for nothing, the portable program says how it is done', async () => {
  const resources = mkdtempSync(join(tmpdir(), 'maskwright-resources-'))
  const portable = { PORTABLE_EXECUTABLE_FILE: 'D:\\Maskwright.exe' }
  expect(updatePolicy(null, {})).toBe('none')
  expect(updatePolicy(resources, portable)).toBe('none')
  writeFileSync(join(resources, 'app-update.yml'), 'provider: generic\n')
  expect(updatePolicy(resources, {})).toBe('offered')
  expect(updatePolicy(resources, portable)).toBe('byHand')
  await expect(noPortableUpdates()).rejects.toThrow('The portable program does not update itself')
  rmSync(resources, { recursive: true })
})
