import { createHash } from 'node:crypto'
import { z } from 'zod'
import { runLengthMaskSchema } from '../../../contract/mask.ts'
import { frameIndexSchema, idSchema } from '../../../contract/scalars.ts'
import type { TrackState } from '../../tracking/track-state.ts'
import type { TrackedFrame } from '../../tracking/predictor-types.ts'

/**
 * A stretch of a job's walk as it is kept in the store: what was found, and the memory bank at its end, so that another
 * worker goes on from there and finds what this one would have found.
 */
export interface Span {
  /** Steps of the walk that went before. */
  readonly firstStep: number
  readonly frames: readonly TrackedFrame[]
  readonly bank: readonly TrackState[]
}

const frameSchema = z.strictObject({
  frameIndex: frameIndexSchema,
  masks: z.array(
    z.strictObject({
      objectId: idSchema,
      mask: runLengthMaskSchema,
      objectScore: z.number(),
      predictedIou: z.number(),
      stability: z.number(),
    }),
  ),
})
/** Arrays lie behind the header one after another; here is how many float32 each has, null for one that is not. */
const recordSchema = z.strictObject({
  frameIndex: frameIndexSchema,
  objectScore: z.number(),
  predictedIou: z.number(),
  view: z.strictObject({ leftPx: z.int(), topPx: z.int(), widthPx: z.int(), heightPx: z.int() }).nullable(),
  isFound: z.boolean(),
  isExample: z.boolean(),
  hasRival: z.boolean(),
  tellsApart: z.boolean(),
  usualIou: z.number().nullable(),
  maskLogits: z.int().min(0),
  pointer: z.int().min(0),
  memory: z.int().min(0).nullable(),
  appearance: z.int().min(0).nullable(),
})
const headerSchema = z.strictObject({
  version: z.literal(3),
  firstStep: z.int().min(0),
  frames: z.array(frameSchema),
  bank: z.array(
    z.strictObject({
      objectId: idSchema,
      conditioning: z.array(recordSchema),
      tracked: z.array(recordSchema),
    }),
  ),
})
type Header = z.infer<typeof headerSchema>

const checksumBytes = 32
const lengthBytes = 4

/** SHA-256 of the rest, length of the header, header as JSON, float32 numbers in little endian. */
export function encodeSpan({ firstStep, frames, bank }: Span): Buffer {
  const arrays: Float32Array[] = []
  const placed = (numbers: Float32Array): number => {
    arrays.push(numbers)
    return numbers.length
  }
  const describe = (records: TrackState['tracked']) =>
    records.map(({ maskLogits, pointer, memory, appearance, ...facts }) => ({
      ...facts,
      maskLogits: placed(maskLogits),
      pointer: placed(pointer),
      memory: memory && placed(memory),
      appearance: appearance && placed(appearance),
    }))
  const header: Header = {
    ...{ version: 3, firstStep },
    frames: frames.map(({ frameIndex, masks }) => ({ frameIndex, masks: [...masks] })),
    bank: bank.map(({ objectId, conditioning, tracked }) => ({
      objectId,
      conditioning: describe(conditioning),
      tracked: describe(tracked),
    })),
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32LE(text.length)
  const numbers = arrays.map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  )
  const content = Buffer.concat([length, text, ...numbers])
  return Buffer.concat([createHash('sha256').update(content).digest(), content])
}

function parsedHeader(text: string): Header | null {
  try {
    return headerSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** Numbers of all arrays that a header speaks of. */
function lengthOf({ bank }: Header): number {
  return bank
    .flatMap(({ conditioning, tracked }) => [...conditioning, ...tracked])
    .reduce(
      (sum, record) =>
        sum + record.maskLogits + record.pointer + (record.memory ?? 0) + (record.appearance ?? 0),
      0,
    )
}

/** @returns null for bytes that are not a whole span: the work is done again then */
export function decodeSpan(bytes: Uint8Array): Span | null {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const content = whole.subarray(checksumBytes)
  const checksum = createHash('sha256').update(content).digest()
  if (content.length < lengthBytes || !whole.subarray(0, checksumBytes).equals(checksum)) return null
  const textEnd = lengthBytes + content.readUInt32LE(0)
  const header = parsedHeader(content.toString('utf8', lengthBytes, textEnd))
  if (header === null || textEnd + lengthOf(header) * 4 !== content.length) return null
  const { firstStep, frames, bank } = header
  let at = textEnd
  const take = (length: number): Float32Array => {
    // A copy, because the numbers need not lie at a multiple of four.
    const piece = Uint8Array.prototype.slice.call(content, at, at + length * 4)
    at += length * 4
    return new Float32Array(piece.buffer, piece.byteOffset, length)
  }
  const read = (records: Header['bank'][number]['tracked']): TrackState['tracked'] =>
    records.map((record) => ({
      ...record,
      maskLogits: take(record.maskLogits),
      pointer: take(record.pointer),
      memory: record.memory === null ? null : take(record.memory),
      appearance: record.appearance === null ? null : take(record.appearance),
    }))
  return {
    firstStep,
    frames,
    bank: bank.map(({ objectId, conditioning, tracked }) => ({
      objectId,
      conditioning: read(conditioning),
      tracked: read(tracked),
    })),
  }
}
