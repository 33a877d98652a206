import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { GIVEN_FRAME } from '../../tracking/frame-record.ts'
import { decodeSpan, encodeSpan, type Span } from './span.ts'

const record = (frameIndex: number) => ({
  ...GIVEN_FRAME,
  ...{ frameIndex, objectScore: 1, predictedIou: 0.9, view: null },
  maskLogits: Float32Array.of(1, -2, 3.5),
  pointer: Float32Array.of(0.25),
  memory: frameIndex === 0 ? null : Float32Array.of(7, 8),
})

const span: Span = {
  firstStep: 4,
  frames: [{ frameIndex: 4, masks: [] }],
  bank: [{ objectId: 1, conditioning: [record(0)], tracked: [record(3)] }],
}

/** With a checksum that fits. */
function sealed(content: Buffer): Buffer {
  return Buffer.concat([createHash('sha256').update(content).digest(), content])
}

it('comes back as it was', () => {
  expect(decodeSpan(encodeSpan(span))).toEqual(span)
})

it('is none where its checksum fits and its content does not', () => {
  const content = encodeSpan(span).subarray(32)
  const noJson = Buffer.from(content)
  noJson.write('x', 4)
  const header = content.toString('utf8', 4, 4 + content.readUInt32LE(0))
  const long = Buffer.from(header.replace('"maskLogits":3', '"maskLogits":4000000000'))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(long.length)
  const tooLong = Buffer.concat([length, long, content.subarray(4 + content.readUInt32LE(0))])
  for (const bytes of [noJson, content.subarray(0, -4), tooLong, Buffer.alloc(0), Buffer.alloc(4, 255)])
    expect(decodeSpan(sealed(bytes))).toBeNull()
})
