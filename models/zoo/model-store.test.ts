import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DownloadFailed } from './download-errors.ts'
import { downloadModel, listStoredModels, ModelNotRemoved, removeModel } from './model-store.ts'
import { weightsFile } from './resolve-model.ts'
import { findZooModel, type ZooModel } from './zoo.ts'

const tiny = findZooModel('sam2.1-tiny')!
const small = findZooModel('sam2.1-small')!
const nano = findZooModel('nano')!

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-store-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function states(): Promise<Record<string, [state: string, diskBytes: number]>> {
  const stored = await listStoredModels(folder)
  return Object.fromEntries(stored.map(({ model, state, diskBytes }) => [model.name, [state, diskBytes]]))
}

describe('the folder of models', () => {
  it('says what is there and what it takes, and removes it', async () => {
    await writeFile(weightsFile(tiny, folder), '')
    await truncate(weightsFile(tiny, folder), tiny.weights.bytes)
    await writeFile(`${weightsFile(small, folder)}.partial`, Buffer.alloc(1000))
    expect(await states()).toMatchObject({
      nano: ['bundled', nano.weights.bytes],
      'sam2.1-tiny': ['downloaded', tiny.weights.bytes],
      'sam2.1-small': ['partial', 1000],
      'sam2-large': ['absent', 0],
    })
    for (const model of [tiny, small, nano]) await removeModel(model, folder)
    expect(await states()).toMatchObject({
      nano: ['bundled', nano.weights.bytes],
      'sam2.1-tiny': ['absent', 0],
      'sam2.1-small': ['absent', 0],
    })
  })

  it('says in one sentence that a file cannot be removed', async () => {
    const inTheWay = `${weightsFile(small, folder)}.partial`
    await mkdir(inTheWay)
    const failure = await removeModel(small, folder).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ModelNotRemoved)
    expect((failure as Error).message).toContain(inTheWay)
    await rm(inTheWay, { recursive: true })
  })

  it('gives the built-in model without a download', async () => {
    expect(await downloadModel(nano, { folder })).toBe(weightsFile(nano, folder))
  })

  it('asks mirrors first, for the file by its name', async () => {
    const asked: (string | undefined)[] = []
    const server = createServer((request, response) => {
      asked.push(request.url)
      response.writeHead(404).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    // The published addresses are left out: a test must not reach beyond this machine.
    const model: ZooModel = {
      ...tiny,
      weights: { ...tiny.weights, kind: 'downloadable', fileName: 'tiny.pt', urls: [] },
    }
    await expect(downloadModel(model, { folder, mirrors: [`${base}/a/`, `${base}/b`] })).rejects.toThrow(
      DownloadFailed,
    )
    expect(asked).toEqual(['/a/tiny.pt', '/b/tiny.pt'])
    server.close()
  })
})
