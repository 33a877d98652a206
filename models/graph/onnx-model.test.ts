import fc from 'fast-check'
import protobuf from 'protobufjs'
import { InferenceSession, Tensor } from '../runtime/onnx-runtime.ts'
import { describe, expect, it } from 'vitest'
import { encodeOnnxModel, elementTypes } from './onnx-model.ts'
import { ProtobufWriter } from './protobuf.ts'

const { Reader } = protobuf

describe('ProtobufWriter', () => {
  it('writes what an independent reader reads', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 20 }),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.float({ noNaN: true }),
        fc.uint8Array(),
        (field, integer, float, bytes) => {
          const written = new ProtobufWriter()
            .integer(field, integer)
            .float(field, float)
            .bytes(field, bytes)
            .finish()
          const reader = Reader.create(written)
          expect(reader.uint32()).toBe(field * 8)
          expect(BigInt(reader.int64().toString())).toBe(integer)
          expect(reader.uint32()).toBe(field * 8 + 5)
          expect(reader.float()).toBe(float)
          expect(reader.uint32()).toBe(field * 8 + 2)
          expect(Uint8Array.from(reader.bytes())).toEqual(bytes)
          expect(reader.pos).toBe(reader.len)
        },
      ),
    )
  })
})

describe('encodeOnnxModel', () => {
  it('makes a model that the runtime loads and runs', async () => {
    const weights = Float32Array.of(1, 2, 3, 4)
    const model = encodeOnnxModel({
      name: 'product',
      nodes: [
        {
          operator: 'Gemm',
          domain: '',
          inputs: ['x', 'w'],
          outputs: ['y'],
          attributes: { transB: { kind: 'integer', value: 1 }, alpha: { kind: 'float', value: 0.5 } },
        },
      ],
      inputs: [{ name: 'x', type: 'float32', shape: ['rows', 2] }],
      outputs: [{ name: 'y', type: 'float32', shape: ['rows', 2] }],
      initializers: [{ name: 'w', type: 'float32', shape: [2, 2], bytes: new Uint8Array(weights.buffer) }],
    })
    const session = await InferenceSession.create(model)
    const { y } = await session.run({ x: new Tensor('float32', Float32Array.of(10, 1), [1, 2]) })
    expect([...(y!.data as Float32Array)]).toEqual([6, 17])
    await session.release()
  })

  it('uses the element numbers of TensorProto', () => {
    expect(elementTypes).toEqual({
      float32: 1,
      uint8: 2,
      int8: 3,
      int32: 6,
      int64: 7,
      float16: 10,
      bfloat16: 16,
    })
  })
})
