import { describe, expect, it } from 'vitest'
import { channelsOf, TRACK_COLOURS, trackColour } from './palette.ts'
import { colourSchema } from './scalars.ts'

describe('trackColour', () => {
  it('gives each of a hundred objects a valid colour of its own', () => {
    const colours = Array.from({ length: 100 }, (_, index) => trackColour(index))
    for (const colour of colours) expect(colourSchema.safeParse(colour).success).toBe(true)
    expect(new Set(colours).size).toBe(100)
    expect(colours.slice(0, TRACK_COLOURS.length)).toEqual([...TRACK_COLOURS])
  })

  it('never comes close to black or white', () => {
    for (let index = 0; index < 64; index++) {
      const channels = channelsOf(trackColour(index))
      expect(Math.max(...channels)).toBeGreaterThan(150)
      expect(Math.min(...channels)).toBeLessThan(225)
    }
  })
})

describe('channelsOf', () => {
  it('reads red, green and blue', () => {
    expect(channelsOf('#0a80ff')).toEqual([10, 128, 255])
  })
})
