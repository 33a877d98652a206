import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as yauzl from 'yauzl'
import { openCheckpoint } from './checkpoint.ts'
import { elementCount } from './checkpoint-tensor.ts'
import { writeCheckpoint } from './write-checkpoint.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-write-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('writeCheckpoint', () => {
  it('writes what openCheckpoint reads, aligned to 64 bytes, whatever names and shapes', async () => {
    const path = join(folder, 'round.pt')
    const tensor = fc.record({
      name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
      shape: fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }),
    })
    const tensors = fc.uniqueArray(tensor, { selector: ({ name }) => name, minLength: 1, maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(tensors, fc.infiniteStream(fc.float({ noNaN: true })), async (layout, stream) => {
        const numbers = layout.map(({ shape }) =>
          Float32Array.from({ length: elementCount(shape) }, () => stream.next().value),
        )
        const bytes = await writeCheckpoint(
          path,
          layout.map((described, index) => ({ ...described, numbers: () => numbers[index]! })),
        )
        expect((await readFile(path)).length).toBe(bytes)
        const checkpoint = await openCheckpoint(path)
        expect([...checkpoint.tensors.keys()]).toEqual(layout.map(({ name }) => name))
        for (const [index, { name, shape }] of layout.entries()) {
          const found = checkpoint.tensors.get(name)!
          expect(found.shape).toEqual(shape)
          expect(found.offsetBytes % 64).toBe(0)
          expect(await checkpoint.readTensor(name)).toEqual(numbers[index])
        }
      }),
      { numRuns: 40 },
    )
  })

  it('gives each part its checksum', async () => {
    const path = join(folder, 'sums.pt')
    await writeCheckpoint(path, [{ name: 'weight', shape: [3], numbers: () => Float32Array.of(1, 2, 3) }])
    const file = await readFile(path)
    const zip = await yauzl.openPromise(path, { lazyEntries: true })
    const names: string[] = []
    for await (const entry of zip.eachEntry()) {
      const header = await zip.readLocalFileHeaderPromise(entry)
      const bytes = file.subarray(header.fileDataStart, header.fileDataStart + entry.uncompressedSize)
      expect(crc32(bytes)).toBe(entry.crc32)
      expect(header).toMatchObject({
        crc32: entry.crc32,
        compressedSize: bytes.length,
        uncompressedSize: bytes.length,
      })
      names.push(entry.fileName)
    }
    expect(names).toEqual(['sums/data.pkl', 'sums/byteorder', 'sums/data/0', 'sums/version'])
  })

  it('leaves nothing behind when a tensor does not fit its shape', async () => {
    const wrong = { name: 'weight', shape: [4], numbers: () => Float32Array.of(1, 2, 3) }
    await expect(writeCheckpoint(join(folder, 'wrong.pt'), [wrong])).rejects.toThrow(/weight has 3 numbers/)
    expect((await readdir(folder)).filter((name) => name.startsWith('wrong'))).toEqual([])
  })
})
