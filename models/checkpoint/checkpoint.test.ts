import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasSharedMaterial, sharedMaterial } from '../../test/fixtures/shared-material.ts'
import { ModelError } from '../errors.ts'
import { systemPickle, torchArchive, trainerPickle, trainerPickleProtocol4 } from './archive-fixture.ts'
import { MissingTensor, MisshapenTensor, RefusedPickle, UnreadableCheckpoint } from './checkpoint-errors.ts'
import { openCheckpoint, type Checkpoint } from './checkpoint.ts'
import { PickleWriter } from './pickle-writer.ts'
import { requireTensor } from './require-tensor.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-checkpoint-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function saved(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return path
}

const floats = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer)
/** 0.5, -2, 65504 and the smallest subnormal, in half precision. */
const halves = new Uint8Array(Uint16Array.of(0x3800, 0xc000, 0x7bff, 0x0001).buffer)
const trainerStorages = { 0: floats, 1: halves }

/** SHA-256 over the names and the bytes of all tensors, by name. */
async function contentHash(checkpoint: Checkpoint): Promise<string> {
  const hash = createHash('sha256')
  const file = await readFile(checkpoint.path)
  for (const name of [...checkpoint.tensors.keys()].sort()) {
    const { offsetBytes, lengthBytes } = checkpoint.tensors.get(name)!
    hash.update(name).update(file.subarray(offsetBytes, offsetBytes + lengthBytes))
  }
  return hash.digest('hex')
}

describe('checkpoints that PyTorch wrote', () => {
  const nano = fileURLToPath(new URL('../zoo/nano/nano.pt', import.meta.url))

  // The hashes were made with Python's zipfile and pickle modules.
  it("finds every byte of nano's tensors", async () => {
    const checkpoint = await openCheckpoint(nano)
    expect(checkpoint.tensors.size).toBe(365)
    expect(await contentHash(checkpoint)).toBe(
      'e23e7b57b20fb8b04595725ad9971ebf78d1cce94d6361609184a50cdb9e5e25',
    )
  })

  for (const [name, tensors, hash] of [
    ['sam21-mini', 359, '504c8208dd863352d2a9190c54e68c1f06085a56eb5bdd326771f7124838d5c1'],
    ['edgetam-mini', 626, '10a6bc69b842c364d72cb88c19d95e876b186681e3863a8293f065180dbf833b'],
  ] as const) {
    const file = `reference/${name}/checkpoint.pt`
    it.runIf(hasSharedMaterial(file))(`finds every byte of ${name}'s tensors`, async () => {
      const checkpoint = await openCheckpoint(fileURLToPath(sharedMaterial(file)))
      expect(checkpoint.tensors.size).toBe(tensors)
      expect(await contentHash(checkpoint)).toBe(hash)
    })
  }

  it('reads the numbers', async () => {
    const numbers = await (await openCheckpoint(nano)).readTensor('memory_attention.layers.1.linear1.weight')
    expect(numbers).toHaveLength(512 * 128)
    expect(Math.min(...numbers)).toBe(-0.14586962759494781)
    expect(Math.max(...numbers)).toBe(0.15626853704452515)
    expect(numbers.reduce((sum, value) => sum + value)).toBeCloseTo(-14.434495643, 8)
  })

  it.each([
    ['2', trainerPickle],
    ['4', trainerPickleProtocol4],
  ])("reads a trainer's checkpoint of protocol %s", async (protocol, pickle) => {
    const archive = await torchArchive(pickle, trainerStorages)
    const checkpoint = await openCheckpoint(await saved(`trainer-${protocol}.pt`, archive))
    expect(await checkpoint.readTensor('weight')).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6))
    expect(await checkpoint.readTensor('bias')).toEqual(Float32Array.of(4, 5, 6))
    expect(await checkpoint.readTensor('scale')).toEqual(Float32Array.of(65504))
    expect(await checkpoint.readTensor('empty')).toEqual(Float32Array.of())
    await expect(checkpoint.readTensor('scales')).rejects.toThrow(MissingTensor)
  })

  it('reads an archive whose parts lie beyond 4 GiB', async () => {
    const archive = await torchArchive(trainerPickle, trainerStorages)
    const path = await saved('far.pt', archive)
    await moveBeyond4GiB(path, archive)
    const checkpoint = await openCheckpoint(path)
    expect(checkpoint.tensors.get('weight')!.offsetBytes).toBeGreaterThan(2 ** 32)
    expect(await checkpoint.readTensor('bias')).toEqual(Float32Array.of(4, 5, 6))
  })
})

/** Rewrites an archive, on a sparse file, so that its entries lie 5 GiB further on and need zip64 records. */
async function moveBeyond4GiB(path: string, archive: Buffer): Promise<void> {
  const distance = 5 * 2 ** 30
  const directory: Buffer[] = []
  let at = archive.readUInt32LE(archive.length - 6)
  const localEnd = at
  while (archive.readUInt32LE(at) === 0x02014b50) {
    const nameLength = archive.readUInt16LE(at + 28)
    const extra = Buffer.alloc(12)
    extra.writeUInt16LE(1, 0)
    extra.writeUInt16LE(8, 2)
    extra.writeBigUInt64LE(BigInt(archive.readUInt32LE(at + 42) + distance), 4)
    const header = Buffer.concat([archive.subarray(at, at + 46 + nameLength), extra])
    header.writeUInt16LE(extra.length, 30)
    header.writeUInt32LE(0xffffffff, 42)
    directory.push(header)
    at += 46 + nameLength
  }
  const entries = Buffer.concat(directory)
  const end64 = Buffer.alloc(56)
  end64.writeUInt32LE(0x06064b50, 0)
  end64.writeBigUInt64LE(44n, 4)
  end64.writeBigUInt64LE(BigInt(directory.length), 24)
  end64.writeBigUInt64LE(BigInt(directory.length), 32)
  end64.writeBigUInt64LE(BigInt(entries.length), 40)
  end64.writeBigUInt64LE(BigInt(distance + localEnd), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(distance + localEnd + entries.length), 8)
  const end = Buffer.alloc(22, 0xff)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt32LE(0, 4)
  end.writeUInt16LE(0, 20)
  const file = await open(path, 'r+')
  await file.write(archive.subarray(0, localEnd), 0, localEnd, distance)
  const tail = Buffer.concat([entries, end64, locator, end])
  await file.write(tail, 0, tail.length, distance + localEnd)
  await file.close()
}

describe('files that are no checkpoint', () => {
  it.each([
    ['an empty file', '', /is empty/],
    ['a text', 'weights and more weights, all in words', /neither a PyTorch checkpoint/],
    ['an image', '\u0089PNG\r\n\u001a\n0123456789', /neither/],
    ['three bytes', 'PK\u0003', /neither/],
    ['the old format', '\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.', /before 1\.6/],
    ['the beginning of a zip', 'PK\u0003\u0004 and no more', /damaged or cut short/],
  ])('refuses %s', async (name, content, reason) => {
    const path = await saved(`${name}.pt`, Buffer.from(content, 'latin1'))
    await expect(openCheckpoint(path)).rejects.toThrow(UnreadableCheckpoint)
    await expect(openCheckpoint(path)).rejects.toThrow(reason)
  })

  it('refuses a folder and a missing file', async () => {
    await mkdir(join(folder, 'folder.pt'))
    await expect(openCheckpoint(join(folder, 'folder.pt'))).rejects.toThrow(/it is not a file/)
    await expect(openCheckpoint(join(folder, 'nowhere.pt'))).rejects.toThrow(/no such file/)
  })
})

describe('hostile and damaged archives', () => {
  const archive = (pickle: Uint8Array = trainerPickle, storages = {}, others?: Record<string, Uint8Array>) =>
    torchArchive(pickle, { ...trainerStorages, ...storages }, others)

  async function refusal(bytes: Uint8Array): Promise<unknown> {
    return openCheckpoint(await saved('refused.pt', bytes)).then(
      () => undefined,
      (error: unknown) => error,
    )
  }

  it('refuses a command and names it', async () => {
    const error = await refusal(await archive(systemPickle))
    expect(error).toBeInstanceOf(RefusedPickle)
    expect(error).toMatchObject({ refused: 'posix.system' })
  })

  it('refuses big-endian numbers, a TorchScript program, other zips and two pickles', async () => {
    expect(await refusal(await archive(undefined, {}, { byteorder: Buffer.from('big') }))).toMatchObject({
      message: expect.stringContaining('byte order is big') as string,
    })
    expect(await refusal(await archive(undefined, {}, { 'constants.pkl': Buffer.of() }))).toMatchObject({
      message: expect.stringContaining('TorchScript') as string,
    })
    expect(await refusal(await archive(undefined, {}, { '../other/data.pkl': Buffer.of() }))).toBeInstanceOf(
      UnreadableCheckpoint,
    )
    expect(await refusal(await archive(undefined, {}, { 'data/0': Buffer.of() }))).toMatchObject({
      message: expect.stringContaining('twice') as string,
    })
  })

  it('says which tensor is cut, and which is missing', async () => {
    expect(await refusal(await archive(undefined, { 0: floats.subarray(4) }))).toMatchObject({
      message: expect.stringContaining('the tensor weight is longer than what is stored of it') as string,
    })
    expect(await refusal(await torchArchive(trainerPickle, { 0: floats }))).toMatchObject({
      message: expect.stringContaining('the numbers of the tensor scale are not in it') as string,
    })
  })

  it('refuses a compressed part', async () => {
    const bytes = await archive()
    const central = bytes.indexOf('archive/data/0', bytes.indexOf('PK\u0001\u0002')) - 46
    bytes.writeUInt16LE(8, central + 10)
    expect(await refusal(bytes)).toMatchObject({ message: expect.stringContaining('compressed') as string })
  })

  it('refuses an entry beyond the end', async () => {
    const bytes = await archive()
    const central = bytes.indexOf('archive/data/0', bytes.indexOf('PK\u0001\u0002')) - 46
    bytes.writeUInt32LE(0x7fffffff, central + 42)
    expect(await refusal(bytes)).toMatchObject({ message: expect.stringContaining('data/0') as string })
  })

  it('refuses a transposed tensor, and takes strides of axes of length 1 as they are', async () => {
    const pickle = (shape: number[], strides: number[]) => {
      const writer = new PickleWriter()
      writer.emptyDict().text('weight').global('torch._utils', '_rebuild_tensor_v2').mark()
      writer.mark().text('storage').global('torch', 'FloatStorage').text('0').text('cpu').count(6).tuple()
      writer.persistentId().count(0)
      for (const counts of [shape, strides]) {
        writer.mark()
        for (const count of counts) writer.count(count)
        writer.tuple()
      }
      return writer.tuple().reduce().setItem().finish()
    }
    expect(await refusal(await archive(pickle([3, 2], [1, 3])))).toMatchObject({
      message: expect.stringContaining('the tensor weight are not in row-major order') as string,
    })
    expect(await refusal(await archive(pickle([6, 2], [1, 0])))).toBeInstanceOf(UnreadableCheckpoint)
    expect(await refusal(await archive(pickle([2, 1, 3], [3, 17, 1])))).toBeUndefined()
    expect(await refusal(await archive(pickle([3, 3], [3, 1])))).toBeInstanceOf(UnreadableCheckpoint)
  })

  it('says so when a file became shorter after it was opened', async () => {
    const path = await saved('shrinking.pt', await archive())
    const checkpoint = await openCheckpoint(path)
    await truncate(path, checkpoint.tensors.get('weight')!.offsetBytes + 8)
    await expect(checkpoint.readTensor('weight')).rejects.toThrow(/tensor weight is cut short/)
  })

  it('answers to any cut and any flipped bytes with tensors inside the file or a named error', async () => {
    const whole = await archive()
    const changes = fc.record({
      keep: fc.oneof({ weight: 3, arbitrary: fc.constant(whole.length) }, fc.nat(whole.length)),
      flips: fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })), { maxLength: 4 }),
    })
    await fc.assert(
      fc.asyncProperty(changes, async ({ keep, flips }) => {
        const bytes = Uint8Array.from(whole)
        for (const [at, flip] of flips) bytes[at]! ^= flip
        const path = await saved('fuzz.pt', bytes.subarray(0, keep))
        await expectSound(path, keep)
      }),
      { numRuns: 150 },
    )
  })

  it('holds against flips in the directory, where every byte counts', async () => {
    const whole = await archive()
    const directory = whole.readUInt32LE(whole.length - 6)
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: directory, max: whole.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const bytes = Uint8Array.from(whole)
          bytes[at]! ^= flip
          await expectSound(await saved('directory.pt', bytes), bytes.length)
        },
      ),
      { numRuns: 150 },
    )
  })
})

async function expectSound(path: string, sizeBytes: number): Promise<void> {
  try {
    const checkpoint = await openCheckpoint(path)
    for (const [name, tensor] of checkpoint.tensors) {
      expect(tensor.offsetBytes + tensor.lengthBytes).toBeLessThanOrEqual(sizeBytes)
      await checkpoint.readTensor(name)
    }
  } catch (error) {
    if (!(error instanceof ModelError)) throw error
  }
}

describe('requireTensor', () => {
  it('names the tensor that is missing or has another shape or number format', async () => {
    const checkpoint = await openCheckpoint(
      await saved('required.pt', await torchArchive(trainerPickle, trainerStorages)),
    )
    expect(requireTensor(checkpoint, 'weight', [2, 3]).name).toBe('weight')
    expect(() => requireTensor(checkpoint, 'wait', [2, 3])).toThrow(MissingTensor)
    expect(() => requireTensor(checkpoint, 'wait', [2, 3])).toThrow(/no tensor wait/)
    expect(() => requireTensor(checkpoint, 'weight', [3, 2])).toThrow(MisshapenTensor)
    expect(() => requireTensor(checkpoint, 'weight', [3, 2])).toThrow(
      /has the shape 2 x 3; the model needs the shape 3 x 2/,
    )
    expect(() => requireTensor(checkpoint, 'scale', [], ['float32'])).toThrow(
      /scale .* has the number format float16; the model needs float32/,
    )
  })
})
