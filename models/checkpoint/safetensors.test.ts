import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasSharedMaterial, sharedMaterial } from '../../test/fixtures/shared-material.ts'
import { ModelError } from '../errors.ts'
import { openCheckpoint } from './checkpoint.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-safetensors-'))
})
afterAll(() => rm(folder, { recursive: true }))

function safetensors(header: unknown, data: Uint8Array, headerBytes?: bigint): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(headerBytes ?? BigInt(text.length))
  return Buffer.concat([length, text, data])
}

async function openBytes(bytes: Uint8Array) {
  const path = join(folder, 'some.weights')
  await writeFile(path, bytes)
  return openCheckpoint(path)
}

const data = new Uint8Array(Float32Array.of(1, -2, 3.5, 4).buffer)
const header = {
  __metadata__: { format: 'pt' },
  weight: { dtype: 'F32', shape: [1, 3], data_offsets: [0, 12] },
  bias: { dtype: 'F32', shape: [], data_offsets: [12, 16] },
}

describe('safetensors', () => {
  it('is known by its content, not by its name', async () => {
    const checkpoint = await openBytes(safetensors(header, data))
    expect([...checkpoint.tensors.keys()]).toEqual(['weight', 'bias'])
    expect(checkpoint.tensors.get('weight')).toMatchObject({
      type: 'float32',
      shape: [1, 3],
      lengthBytes: 12,
    })
    expect(await checkpoint.readTensor('weight')).toEqual(Float32Array.of(1, -2, 3.5))
    expect(await checkpoint.readTensor('bias')).toEqual(Float32Array.of(4))
  })

  it.each([
    ['F64', new Float64Array([0.5, -3]), [0.5, -3]],
    ['F16', new Uint16Array([0x3c00, 0xc500]), [1, -5]],
    ['BF16', new Uint16Array([0x3f80, 0xc0a0]), [1, -5]],
    ['I64', new BigInt64Array([7n, -(2n ** 40n)]), [7, -(2 ** 40)]],
    ['I32', new Int32Array([7, -8]), [7, -8]],
    ['I16', new Int16Array([7, -8]), [7, -8]],
    ['I8', new Int8Array([7, -8]), [7, -8]],
    ['U8', new Uint8Array([7, 248]), [7, 248]],
    ['BOOL', new Uint8Array([0, 1]), [0, 1]],
  ])('converts %s', async (dtype, numbers, expected) => {
    const bytes = new Uint8Array(numbers.buffer)
    const checkpoint = await openBytes(
      safetensors({ x: { dtype, shape: [2], data_offsets: [0, bytes.length] } }, bytes),
    )
    expect(await checkpoint.readTensor('x')).toEqual(Float32Array.from(expected))
  })

  const tensor = header.weight
  it.each([
    ['a header longer than the file', safetensors('{', data, 1000n), /header is longer than the file/],
    ['a header of 2^32 - 1 bytes', safetensors('{', data, 2n ** 32n - 1n), /header is longer than the file/],
    ['a header that is no JSON', safetensors('{"weight": }', data), /not JSON/],
    ['an empty header', safetensors('{', data, 0n), /not JSON/],
    [
      'a tensor without a place',
      safetensors({ weight: { dtype: 'F32', shape: [3] } }, data),
      /tensor weight is described/,
    ],
    [
      'a negative size',
      safetensors({ weight: { ...tensor, shape: [-1, -3] } }, data),
      /tensor weight is described/,
    ],
    [
      'another length',
      safetensors({ weight: { ...tensor, shape: [4] } }, data),
      /tensor weight does not have the length/,
    ],
    [
      'a turned place',
      safetensors({ weight: { ...tensor, data_offsets: [12, 0] } }, data),
      /tensor weight does not have/,
    ],
    [
      'an unknown format',
      safetensors({ weight: { ...tensor, dtype: 'F4' } }, data),
      /unknown number format F4/,
    ],
    [
      'a format of the prototype',
      safetensors({ weight: { ...tensor, dtype: 'toString' } }, data),
      /unknown number format/,
    ],
    ['cut numbers', safetensors(header, data.subarray(0, 14)), /cut short: its tensor bias/],
    ['no tensors', safetensors({ __metadata__: {} }, data), /no tensors/],
    ['a deep header', safetensors('{"a":' + '['.repeat(200_000), data), /not JSON/],
  ])('refuses %s', async (_, bytes, reason) => {
    await expect(openBytes(bytes)).rejects.toThrow(ModelError)
    await expect(openBytes(bytes)).rejects.toThrow(reason)
  })

  const components = 'nano/reference/nano-256/components.safetensors'
  it.runIf(hasSharedMaterial(components))('reads a file of the reference library', async () => {
    const checkpoint = await openCheckpoint(fileURLToPath(sharedMaterial(components)))
    const image = await checkpoint.readTensor('image')
    expect(checkpoint.tensors.get('image')!.shape).toEqual([1, 3, 256, 256])
    expect(image.every((value) => value >= -1 && value <= 1)).toBe(true)
  })

  it('answers to any cut and any flipped bytes with tensors inside the file or a named error', async () => {
    const whole = safetensors(header, data)
    const flip = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }))
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constant(whole.length), fc.nat(whole.length)),
        fc.array(flip, { maxLength: 4 }),
        async (keep, flips) => {
          const bytes = Uint8Array.from(whole)
          for (const [at, bits] of flips) bytes[at]! ^= bits
          try {
            const checkpoint = await openBytes(bytes.subarray(0, keep))
            for (const [name, { offsetBytes, lengthBytes }] of checkpoint.tensors) {
              expect(offsetBytes + lengthBytes).toBeLessThanOrEqual(keep)
              await checkpoint.readTensor(name)
            }
          } catch (error) {
            if (!(error instanceof ModelError)) throw error
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})
