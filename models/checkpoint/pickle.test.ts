import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { systemPickle, trainerPickle, trainerPickleProtocol4 } from './archive-fixture.ts'
import { readPickle } from './pickle.ts'
import { DamagedPickle, ForbiddenPickle, PickleTuple, type PickleRules } from './pickle-values.ts'
import { readTorchPickle } from './torch-pickle.ts'

const strict: PickleRules = {
  allows: () => false,
  call: () => null,
  persistent: () => null,
}

function read(...parts: (number | string)[]) {
  const bytes = parts.map((part) =>
    typeof part === 'number' ? Buffer.of(part) : Buffer.from(part, 'latin1'),
  )
  return readPickle(Buffer.concat([Buffer.of(0x80, 2), ...bytes]), strict)
}

describe('readPickle', () => {
  it('reads numbers of every size', () => {
    expect(read('K', 200, '.')).toBe(200)
    expect(read('M', 0x34, 0x12, '.')).toBe(0x1234)
    expect(read('J', 0xfe, 0xff, 0xff, 0xff, '.')).toBe(-2)
    expect(read(0x8a, 1, 0xff, '.')).toBe(-1)
    expect(read(0x8a, 0, '.')).toBe(0)
    expect(read(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, '.')).toBe(2n ** 63n)
    expect(read('G', 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, '.')).toBe(1.5)
  })

  it('reads nested lists, tuples and dictionaries', () => {
    expect(read('(', 'K', 1, ']', '(', 'K', 2, 'N', 'e', 't', '.')).toEqual(new PickleTuple([1, [2, null]]))
    expect(read('}', '(', 0x8c, 1, 'a', 0x88, 'u', '.')).toEqual(new Map([['a', true]]))
  })

  it('keeps a list that holds itself', () => {
    const list = read(']', 'q', 0, 'h', 0, 'a', '.') as unknown[]
    expect(list[0]).toBe(list)
  })

  it.each([
    ['a name', ['cos\nsystem\n', '.'], 'os.system'],
    ['a name from the stack', [0x8c, 2, 'os', 0x8c, 6, 'system', 0x93, '.'], 'os.system'],
    ['a new object', [']', ')', 0x81, '.'], 'the pickle opcode 0x81'],
    ['an instance', ['(', 'ios\nsystem\n', '.'], 'the pickle opcode 0x69'],
    ['an object', ['(', 'o', '.'], 'the pickle opcode 0x6f'],
    ['an extension', [0x82, 1, '.'], 'the pickle opcode 0x82'],
    ['a text id', ['P1\n', '.'], 'the pickle opcode 0x50'],
    ['attributes of a list', [']', '}', 'b', '.'], 'setting the attributes of an object'],
  ])('refuses %s', (_, parts, refused) => {
    expect(() => read(...parts)).toThrow(new ForbiddenPickle(refused))
  })

  it.each([
    ['nothing', []],
    ['no end', ['N']],
    ['an end without a value', ['.']],
    ['a tuple without a mark', ['N', 't', '.']],
    ['a mark as the value', ['(', '.']],
    ['a mark in a tuple', ['(', 0x85, '.']],
    ['an unknown memory', ['h', 7, '.']],
    ['a key without a value', ['}', '(', 'N', 'u', '.']],
    ['an item for a number', ['K', 1, 'N', 'N', 's', '.']],
    ['an appended number', ['K', 1, 'N', 'a', '.']],
    ['a called number', ['K', 1, ')', 'R', '.']],
    ['a text beyond the end', ['X', 0xff, 0xff, 0xff, 0xff, 'a']],
    ['a name without an end', ['cos']],
    ['a number of 2^31 bytes', [0x8b, 0, 0, 0, 0x80]],
  ])('calls %s damaged', (_, parts) => {
    expect(() => read(...parts)).toThrow(DamagedPickle)
  })

  it('stops at a pickle of endless parts', () => {
    const bytes = Buffer.alloc(8_000_000, '}')
    bytes.set([0x80, 2])
    expect(() => readPickle(bytes, strict)).toThrow(/more than 1000000 parts/)
  })

  it('answers to any bytes with a value or a named error', () => {
    const opcodes = Buffer.from('(.0NJKMGX]ae)t}suqrhjcRbQ', 'latin1')
    const piece = fc.oneof(
      fc.constantFrom(...opcodes, 0x80, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x93, 0x94, 0x95),
      fc.nat(255),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
        try {
          readPickle(Uint8Array.of(0x80, 4, ...pieces), strict)
        } catch (error) {
          if (!(error instanceof DamagedPickle || error instanceof ForbiddenPickle)) throw error
        }
      }),
      { numRuns: 3000 },
    )
  })
})

describe('readTorchPickle', () => {
  it.each([
    ['2', trainerPickle],
    ['4', trainerPickleProtocol4],
  ])('finds the weights in what a trainer saved with protocol %s', (_, pickle) => {
    const tensors = readTorchPickle(pickle)
    expect([...tensors.keys()]).toEqual(['weight', 'bias', 'scale', 'empty'])
    expect(tensors.get('weight')).toMatchObject({ shape: [2, 3], strides: [3, 1], offsetElements: 0 })
    expect(tensors.get('bias')).toMatchObject({ shape: [3], offsetElements: 3 })
    expect(tensors.get('scale')).toMatchObject({
      shape: [],
      storage: { type: 'float16', key: '1', elements: 4 },
    })
  })

  it('refuses a command in the place of a tensor and says which', () => {
    expect(() => readTorchPickle(systemPickle)).toThrow(new ForbiddenPickle('posix.system'))
  })

  it('refuses to call what is only the name of a number format', () => {
    const pickle = Buffer.from('\u0080\u0002ctorch\nFloatStorage\n)R.', 'latin1')
    expect(() => readTorchPickle(pickle)).toThrow(new ForbiddenPickle('a call of torch.FloatStorage'))
  })

  it('answers to a flipped byte anywhere with tensors or a named error', () => {
    fc.assert(
      fc.property(fc.nat(trainerPickle.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Uint8Array.from(trainerPickle)
        bytes[at]! ^= flip
        try {
          readTorchPickle(bytes)
        } catch (error) {
          if (!(error instanceof DamagedPickle || error instanceof ForbiddenPickle)) throw error
        }
      }),
      { numRuns: 3000 },
    )
  })
})
