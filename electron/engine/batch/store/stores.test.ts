import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startS3Server, type S3Server } from '../../../../test/fixtures/batch/s3-server.ts'
import { openFolderStore } from './folder-store.ts'
import { openStore, probeStore, UnknownStore } from './open-store.ts'
import { StoreNameRefused, StoreUnavailable, type ResultStore } from './result-store.ts'
import { openS3Store } from './s3-store.ts'
import { fetchFile, storeFile, StoredFileMissing, blobKey } from './stored-files.ts'

let folder: string
let server: S3Server

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-stores-'))
  server = await startS3Server(join(folder, 's3'), 'results')
})
afterAll(() => server.close())

const kinds: Record<string, () => Promise<ResultStore>> = {
  'a folder': () => openFolderStore(join(folder, 'store')),
  'an S3 bucket': async () => openS3Store('results', 'batch/', server.configuration),
}

describe.each(Object.entries(kinds))('%s as a store', (_, open) => {
  it('writes a name once, whoever comes second', async () => {
    const store = await open()
    const values = ['first', 'second', 'third', 'fourth'].map((text) => Buffer.from(text))
    expect(await store.put('results/one', values[0]!)).toBe(true)
    expect(await store.put('results/one', values[1]!)).toBe(false)
    expect(Buffer.from((await store.get('results/one'))!).toString()).toBe('first')
    expect([await store.has('results/one'), await store.has('results/two')]).toEqual([true, false])
    expect(await store.get('results/two')).toBeNull()
  })

  it('lists and deletes what lies below a name', async () => {
    const store = await open()
    for (const key of ['spans/b/2', 'spans/b/1', 'spans/bc/1']) await store.put(key, Buffer.from(key))
    expect(await store.list('spans/b')).toEqual(['spans/b/1', 'spans/b/2'])
    await store.delete('spans/b/1')
    await store.delete('spans/b/1')
    expect(await store.list('spans/b')).toEqual(['spans/b/2'])
    expect(await store.list('nothing')).toEqual([])
  })

  it('brings files back as they were, and no others', async () => {
    const store = await open()
    const source = join(folder, 'source.bin')
    await writeFile(source, Buffer.alloc(300_000, 7))
    const { sha256 } = await storeFile(store, source)
    const target = await fetchFile(store, sha256, join(folder, `copy-${_.length}`), 'a/copy.bin')
    expect((await readFile(target)).equals(await readFile(source))).toBe(true)
    await expect(fetchFile(store, '0'.repeat(64), folder, 'none.bin')).rejects.toThrow(StoredFileMissing)
    await store.put(blobKey('1'.repeat(64)), Buffer.from('other content'))
    await expect(fetchFile(store, '1'.repeat(64), folder, 'bad.bin')).rejects.toThrow('damaged')
    // Its name is free again for the right content.
    expect(await store.has(blobKey('1'.repeat(64)))).toBe(false)
  })

  it('passes the trial that it gets before work, which leaves nothing', async () => {
    const store = await open()
    await probeStore(store)
    expect(await store.list('probes')).toEqual([])
  })

  it.each(['../out', 'a/../../b', '/etc/passwd', 'a//b', 'a\\b', '.hidden', 'a/b/c/d/e', 'A', ''])(
    'does not leave its place for %j',
    async (key) => {
      const store = await open()
      await expect(store.put(key, Buffer.from('x'))).rejects.toThrow(StoreNameRefused)
      await expect(store.get(key)).rejects.toThrow(StoreNameRefused)
    },
  )
})

describe('the folder store', () => {
  it('lets one of many writers win and leaves nothing half written', async () => {
    const place = join(folder, 'race')
    const stores = await Promise.all(Array.from({ length: 8 }, () => openFolderStore(place)))
    const written = await Promise.all(
      stores.map((store, n) => store.put('results/x', Buffer.alloc(100_000, n))),
    )
    expect(written.filter(Boolean)).toHaveLength(1)
    const winner = written.indexOf(true)
    expect((await stores[0]!.get('results/x'))!.every((byte) => byte === winner)).toBe(true)
    expect(await readdir(join(place, 'unfinished'))).toEqual([])
  })

  it('passes over the files of others', async () => {
    const place = join(folder, 'shared')
    const store = await openFolderStore(place)
    await store.put('spans/a/1', Buffer.from('1'))
    await writeFile(join(place, 'spans/a/.DS_Store'), '')
    expect(await store.list('spans/a')).toEqual(['spans/a/1'])
  })

  it('says that it cannot be used', async () => {
    const file = join(folder, 'a-file')
    await writeFile(file, '')
    await expect(openFolderStore(join(file, 'store'))).rejects.toThrow(StoreUnavailable)
  })
})

it('says that a bucket is not there', async () => {
  const store = openS3Store('no-such-bucket', '', server.configuration)
  await expect(store.get('results/one')).rejects.toThrow(StoreUnavailable)
  await expect(probeStore(store)).rejects.toThrow(StoreUnavailable)
})

it('finds before work that a store takes nothing, or writes over what it has', async () => {
  const place = join(folder, 'takes-nothing')
  const store = await openFolderStore(place)
  await writeFile(join(place, 'unfinished'), '')
  expect(await store.has('results/one')).toBe(false)
  await expect(probeStore(store)).rejects.toThrow(StoreUnavailable)

  const forgetful = {
    ...(await openFolderStore(join(folder, 'forgetful'))),
    put: () => Promise.resolve(true),
  }
  await expect(probeStore(forgetful)).rejects.toThrow('writes over')
})

it('does not wait for a service that has fallen silent', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const store = openS3Store('results', '', {
    ...server.configuration,
    endpoint: `http://127.0.0.1:${port}`,
    requestHandler: { socketTimeout: 200 },
    maxAttempts: 1,
  })
  await expect(store.get('results/one')).rejects.toThrow(StoreUnavailable)
  silent.closeAllConnections()
  silent.close()
})

it('says with which status a service refused', async () => {
  const refusing = createServer((_, response) => response.writeHead(403).end()).listen(0, '127.0.0.1')
  await once(refusing, 'listening')
  const { port } = refusing.address() as AddressInfo
  const store = openS3Store('results', '', { ...server.configuration, endpoint: `http://127.0.0.1:${port}` })
  await expect(store.has('results/one')).rejects.toThrow('403')
  refusing.close()
})

it.each(['ftp://host/x', 's3://', 's3://UPPER', 's3://bucket/../x'])(
  'refuses the address %s',
  async (address) => {
    await expect(openStore(address)).rejects.toThrow(UnknownStore)
  },
)
