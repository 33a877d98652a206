import { describe, expect, it } from 'vitest'
import { withinReach, withoutRival } from './rival-parts.ts'

const maskSize = 32

interface Block {
  readonly left: number
  readonly width: number
}

/** Foreground in rows 8 to 23 of these columns. */
function isIn(blocks: readonly Block[], cell: number): boolean {
  const x = cell % maskSize
  const y = Math.floor(cell / maskSize)
  return y >= 8 && y < 24 && blocks.some(({ left, width }) => x >= left && x < left + width)
}

function logits(...blocks: Block[]): Float32Array {
  return Float32Array.from({ length: maskSize ** 2 }, (_, cell) => (isIn(blocks, cell) ? 4 : -6))
}

function foreground(...blocks: Block[]): Uint8Array {
  return Uint8Array.from({ length: maskSize ** 2 }, (_, cell) => (isIn(blocks, cell) ? 1 : 0))
}

const object = { left: 4, width: 8 }

describe('a rival beside the object', () => {
  it('is taken out, as surely as it was in', () => {
    const rival = { left: 20, width: 6 }
    const kept = withoutRival(logits(object, rival), foreground(object), maskSize)
    expect(kept.hasRival).toBe(true)
    const expected = logits(object, rival).map((logit, cell) => (isIn([rival], cell) ? -4 : logit))
    expect(kept.maskLogits).toEqual(expected)
  })

  it('is none where it was before', () => {
    const other = { left: 20, width: 6 }
    const found = logits(object, other)
    const kept = withoutRival(found, foreground(object, other), maskSize)
    expect(kept).toEqual({ maskLogits: found, hasRival: false })
  })

  it('is none where it is no more than a crumb', () => {
    const found = logits(object)
    found.fill(4, 31 * maskSize + 16, 32 * maskSize)
    expect(withoutRival(found, foreground(object), maskSize).hasRival).toBe(true)
    found.fill(-6, 31 * maskSize + 16, 31 * maskSize + 24)
    expect(withoutRival(found, foreground(object), maskSize)).toEqual({ maskLogits: found, hasRival: false })
  })

  it('is none where nothing goes on from the object, as after a leap', () => {
    const found = logits({ left: 16, width: 4 }, { left: 24, width: 4 })
    expect(withoutRival(found, foreground(object), maskSize)).toEqual({ maskLogits: found, hasRival: false })
  })

  it('keeps the part that goes on from the object, though less than half of it was there before', () => {
    const found = logits({ left: 10, width: 12 }, { left: 26, width: 4 })
    const kept = withoutRival(found, foreground(object), maskSize)
    expect(kept.maskLogits.filter((logit) => logit > 0)).toHaveLength(12 * 16)
  })
})

describe('the reach of an object', () => {
  it('ends where the mask flows over to what it touches', () => {
    const found = logits({ left: 4, width: 20 })
    const kept = withinReach(found, foreground(object), maskSize)
    // The square root of 8 * 16 cells, a fifth of it: two cells further than it was.
    const columns = new Set([...kept.keys()].filter((cell) => kept[cell]! > 0).map((cell) => cell % maskSize))
    expect([...columns].sort((a, b) => a - b)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
    expect(kept[12 * maskSize + 20]).toBe(-4)
  })

  it('has no end for an object that leaves its place', () => {
    const found = logits({ left: 8, width: 8 })
    expect(withinReach(found, foreground(object), maskSize)).toEqual(found)
    expect(withinReach(found, foreground(), maskSize)).toEqual(found)
  })
})
